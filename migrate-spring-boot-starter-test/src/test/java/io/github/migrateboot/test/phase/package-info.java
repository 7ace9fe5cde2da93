/**
 * Tests of the phases with what uses a schema while beans are created.
 */
@NullMarked
package io.github.migrateboot.test.phase;

import org.jspecify.annotations.NullMarked;
