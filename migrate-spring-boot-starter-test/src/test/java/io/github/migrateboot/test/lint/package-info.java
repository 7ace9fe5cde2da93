/**
 * Tests for what migrations are seen to do.
 */
@NullMarked
package io.github.migrateboot.test.lint;

import org.jspecify.annotations.NullMarked;
