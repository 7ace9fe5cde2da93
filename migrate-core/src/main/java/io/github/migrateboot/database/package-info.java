/**
 * One class a database: recognise it, know what it can do, put its session back.
 * <p>
 * {@link io.github.migrateboot.database.Databases} picks the class by what the driver
 * knows, which costs nothing; {@code probe} then asks the server itself and refuses what
 * must not be migrated: look-alikes, old versions, servers and sessions that are
 * read-only, standbys, poolers and clusters on which a session's lock does not reach
 * everybody.
 * <p>
 * Tested with PostgreSQL 18.6, MySQL 9.7, MariaDB 11.4 (each through every driver that
 * connects to it), MariaDB Galera 10.11, SQLite 3.53 and H2 2.4; by hand with MySQL group
 * replication.
 */
@NullMarked
package io.github.migrateboot.database;

import org.jspecify.annotations.NullMarked;
