/**
 * Measures the starter beside Flyway, Liquibase, dbmate and the databases' client
 * programs.
 */
@NullMarked
package io.github.migrateboot.benchmarks;

import org.jspecify.annotations.NullMarked;
