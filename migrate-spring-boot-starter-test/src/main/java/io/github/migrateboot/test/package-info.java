/**
 * What applications test their migrations with.
 */
@NullMarked
package io.github.migrateboot.test;

import org.jspecify.annotations.NullMarked;
