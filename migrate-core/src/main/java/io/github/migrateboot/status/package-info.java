/**
 * What a migrator says it is doing and has done: a snapshot for whoever asks, and news
 * for listeners.
 */
@NullMarked
package io.github.migrateboot.status;

import org.jspecify.annotations.NullMarked;
