/**
 * Real databases and separate processes for the tests.
 */
@NullMarked
package io.github.migrateboot.testing;

import org.jspecify.annotations.NullMarked;
