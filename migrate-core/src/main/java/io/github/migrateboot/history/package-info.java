/**
 * What is kept in the database: dbmate's {@code schema_migrations} and the journal beside
 * it.
 */
@NullMarked
package io.github.migrateboot.history;

import org.jspecify.annotations.NullMarked;
