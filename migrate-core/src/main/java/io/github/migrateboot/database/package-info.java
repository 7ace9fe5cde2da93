/**
 * What the engine knows about each database: how to recognise it, what it can do, what
 * its errors mean, and how a session of it is prepared and restored. To add one, write a
 * {@link io.github.migrateboot.database.Database} and its parts, each of which it has
 * only as far as it differs from the defaults, offer it in
 * {@link io.github.migrateboot.database.Databases} and touch nothing else here.
 * <p>
 * {@code Databases} picks the class by what the driver knows, which costs nothing; its
 * {@code probe} then asks the server itself and refuses what must not be migrated:
 * look-alikes, old versions, servers and sessions that are read-only, standbys, poolers
 * and clusters on which a session's lock does not reach everybody. {@code MySql} is
 * MariaDB too; what differs is in {@code MySqlFlavor}. The locks are in the package
 * {@code lock}: a database only names its {@code LockMeans}.
 * <p>
 * Tested with PostgreSQL 18.6, MySQL 9.7, MariaDB 11.4 (each through every driver that
 * connects to it), MariaDB Galera 10.11, SQLite 3.53 and H2 2.4; by hand with MySQL group
 * replication.
 */
@NullMarked
package io.github.migrateboot.database;

import org.jspecify.annotations.NullMarked;
