/**
 * Internal: finds out what migrations do to a service that is running meanwhile, by
 * running them and looking.
 */
@NullMarked
package io.github.migrateboot.test.lint;

import org.jspecify.annotations.NullMarked;
