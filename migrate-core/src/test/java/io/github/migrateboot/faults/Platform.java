package io.github.migrateboot.faults;

import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.testing.TestServer;

/**
 * What a campaign is run on.
 */
public enum Platform {

	/**
	 * PostgreSQL, directly.
	 */
	POSTGRES("PostgreSQL", TestServer.POSTGRES_EMBEDDED, Dialect.POSTGRES),

	/**
	 * PostgreSQL through PgBouncer in transaction mode.
	 */
	PGBOUNCER("PostgreSQL through PgBouncer", TestServer.POSTGRES_EMBEDDED, Dialect.POSTGRES),

	/**
	 * MySQL 9.7.
	 */
	MYSQL("MySQL", TestServer.MYSQL, Dialect.MYSQL),

	/**
	 * MariaDB.
	 */
	MARIADB("MariaDB", TestServer.MARIADB, Dialect.MYSQL),

	/**
	 * A MariaDB Galera cluster of two nodes, with processes on both.
	 */
	GALERA("MariaDB Galera, two nodes", TestServer.MARIADB, Dialect.MYSQL),

	/**
	 * SQLite.
	 */
	SQLITE("SQLite", TestServer.SQLITE, Dialect.SQLITE),

	/**
	 * H2 with {@code AUTO_SERVER}.
	 */
	H2("H2 (AUTO_SERVER)", TestServer.H2, Dialect.H2);

	private final String displayName;

	private final TestServer server;

	private final Dialect dialect;

	Platform(String displayName, TestServer server, Dialect dialect) {
		this.displayName = displayName;
		this.server = server;
		this.dialect = dialect;
	}

	TestServer server() {
		return this.server;
	}

	Dialect dialect() {
		return this.dialect;
	}

	/**
	 * Return what can happen here, each as often as it should in comparison.
	 */
	List<Fault> faults() {
		List<Fault> faults = new ArrayList<>();
		for (Fault fault : Fault.values()) {
			for (int i = 0; fault.isPossible(this) && i < fault.weight(); i++) {
				faults.add(fault);
			}
		}
		return faults;
	}

	/**
	 * Return whether DDL is rolled back with its transaction.
	 */
	boolean hasTransactionalDdl() {
		return this.dialect == Dialect.POSTGRES || this.dialect == Dialect.SQLITE;
	}

	/**
	 * Return whether there are tables whose changes stay when they are rolled back.
	 * Galera doesn't replicate them.
	 */
	boolean hasTablesWithoutTransactions() {
		return this == MYSQL || this == MARIADB;
	}

	/**
	 * Return whether it can be seen whom a migration keeps waiting, so that the processes
	 * end it.
	 */
	boolean hasFuse() {
		return this == POSTGRES || this == PGBOUNCER || this == MYSQL || this == MARIADB;
	}

	@Override
	public String toString() {
		return this.displayName;
	}

}
