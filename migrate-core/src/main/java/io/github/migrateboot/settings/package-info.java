/**
 * How a migrator works. Each value is checked when it is made, and refused with a
 * sentence that says what is allowed.
 */
@NullMarked
package io.github.migrateboot.settings;

import org.jspecify.annotations.NullMarked;
