package io.github.migrateboot;

import io.github.migrateboot.testing.InstalledMariaDb;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;

/**
 * The servers that DDL can be asked of to be done online.
 */
enum OnlineServer {

	MYSQL,

	/** Copies online since 11.2, and so refuses next to nothing. */
	MARIADB,

	/** An older one. */
	MARIADB_INSTALLED;

	TestDatabase create() {
		return switch (this) {
			case MYSQL -> TestServer.MYSQL.create();
			case MARIADB -> TestServer.MARIADB.create();
			case MARIADB_INSTALLED -> InstalledMariaDb.create();
		};
	}

	/**
	 * Return whether it refuses what it would have to copy.
	 */
	boolean refusesCopies(TestDatabase database) {
		String version = database.jdbc().queryForObject("SELECT VERSION()", String.class);
		String[] numbers = version.split("[.-]");
		int number = Integer.parseInt(numbers[0]) * 100 + Integer.parseInt(numbers[1]);
		return this == MYSQL || number < 1102;
	}

}
