/**
 * The connections of a run: opened or borrowed, prepared alike, restored and closed.
 */
@NullMarked
package io.github.migrateboot.connection;

import org.jspecify.annotations.NullMarked;
