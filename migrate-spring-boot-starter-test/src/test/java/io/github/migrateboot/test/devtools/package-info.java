/**
 * Tests with Spring Boot's developer tools, which would restart other modules' tests.
 */
@NullMarked
package io.github.migrateboot.test.devtools;

import org.jspecify.annotations.NullMarked;
