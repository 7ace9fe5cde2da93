/**
 * Internal. One run, from the first look at the history to the release of the lock.
 */
@NullMarked
package io.github.migrateboot.engine.run;

import org.jspecify.annotations.NullMarked;
