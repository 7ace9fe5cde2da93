/**
 * A test program that breaks processes, sessions, networks and servers while migrations
 * run, and then reads from the database what has become of them.
 */
@NullMarked
package io.github.migrateboot.faults;

import org.jspecify.annotations.NullMarked;
