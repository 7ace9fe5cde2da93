/**
 * Every way a run can stop, each an exception that says what happened and what to do now.
 * The lowest package: it depends on nothing here.
 */
@NullMarked
package io.github.migrateboot.failure;

import org.jspecify.annotations.NullMarked;
