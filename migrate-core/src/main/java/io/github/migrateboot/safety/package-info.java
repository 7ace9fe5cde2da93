/**
 * What can hurt a service when a migration runs, and what is said about it: the words
 * that lint, plan and guard share.
 */
@NullMarked
package io.github.migrateboot.safety;

import org.jspecify.annotations.NullMarked;
