/**
 * The migrator and what an application may call: {@link io.github.migrateboot.Migrator},
 * its settings and its report.
 */
@NullMarked
package io.github.migrateboot;

import org.jspecify.annotations.NullMarked;
