/**
 * Internal: how migrations are planned, executed and applied. What is public below this
 * package is so for its neighbours only, and may change at any time; applications use
 * {@link io.github.migrateboot.Migrator}.
 */
@NullMarked
package io.github.migrateboot.engine;

import org.jspecify.annotations.NullMarked;
