package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;

import io.github.migrateboot.failure.UnsupportedDatabaseException;

/**
 * The databases that can be migrated.
 */
public final class Databases {

	private static final String SUPPORTED = "PostgreSQL 14 or later, MySQL 8.4 or later, MariaDB 10.6 or later, "
			+ "SQLite and H2 2.x";

	private Databases() {
	}

	/**
	 * Tell the kind of database by what the driver knows since it connected, without
	 * asking the server. {@link Database#probe} then asks it.
	 * @param connection a connection
	 * @return the kind of database
	 * @throws UnsupportedDatabaseException if it is none of those supported
	 * @throws SQLException if the connection is closed
	 */
	public static Database detect(Connection connection) throws SQLException {
		DatabaseMetaData metaData = connection.getMetaData();
		String product = metaData.getDatabaseProductName();
		// Connector/J says MySQL where it is MariaDB; only the version tells. Other
		// drivers
		// would ask the server for it.
		return named(product, product.equals("MySQL") ? metaData.getDatabaseProductVersion() : "");
	}

	static Database named(String product, String version) {
		return switch (product) {
			case "PostgreSQL" -> new PostgreSql();
			case "MySQL" -> MySqlFamily.isMariaDb(version) ? new MariaDb() : new MySql();
			case "MariaDB" -> new MariaDb();
			case "SQLite" -> new Sqlite();
			case "H2" -> new H2();
			default -> throw new UnsupportedDatabaseException(
					"The database is %s, which is not supported.".formatted(product),
					"Supported are %s. Set migrate.enabled=false to start without migrations.".formatted(SUPPORTED));
		};
	}

}
