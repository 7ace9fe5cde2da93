/**
 * Who stands beside the execution of migrations.
 */
@NullMarked
package io.github.migrateboot.observation;

import org.jspecify.annotations.NullMarked;
