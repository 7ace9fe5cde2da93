/**
 * Internal. How one statement runs: while the lock is held, cancellable, monitored,
 * limited in time and retried.
 */
@NullMarked
package io.github.migrateboot.engine.execution;

import org.jspecify.annotations.NullMarked;
