/**
 * Tests of the lock strategies, on real servers.
 */
@NullMarked
package io.github.migrateboot.lock;

import org.jspecify.annotations.NullMarked;
