/**
 * Internal. Applies one migration or rolls it back, as a whole or statement by statement,
 * and resumes one that was left.
 */
@NullMarked
package io.github.migrateboot.engine.apply;

import org.jspecify.annotations.NullMarked;
