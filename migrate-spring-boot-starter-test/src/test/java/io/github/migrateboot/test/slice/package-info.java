/**
 * Tests that slices of an application migrate.
 */
@NullMarked
package io.github.migrateboot.test.slice;

import org.jspecify.annotations.NullMarked;
