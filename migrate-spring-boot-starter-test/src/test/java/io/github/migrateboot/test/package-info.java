/**
 * Tests of what applications test with.
 */
@NullMarked
package io.github.migrateboot.test;

import org.jspecify.annotations.NullMarked;
