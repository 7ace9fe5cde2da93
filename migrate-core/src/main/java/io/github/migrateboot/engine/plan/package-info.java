/**
 * Internal. What is to be done: which migrations, with which statements, and whether they
 * may run. Executes nothing.
 */
@NullMarked
package io.github.migrateboot.engine.plan;

import org.jspecify.annotations.NullMarked;
