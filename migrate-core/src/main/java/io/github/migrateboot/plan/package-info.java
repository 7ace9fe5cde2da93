/**
 * What a start would do here: values, computed without changing anything.
 */
@NullMarked
package io.github.migrateboot.plan;

import org.jspecify.annotations.NullMarked;
