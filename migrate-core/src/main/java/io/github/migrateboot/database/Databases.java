package io.github.migrateboot.database;

import java.sql.Connection;
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
	 * asking the server. {@link #probe} then asks it.
	 * @param connection a connection
	 * @return the kind of database
	 * @throws UnsupportedDatabaseException if it is none of those supported
	 * @throws SQLException if the connection is closed
	 */
	public static Database detect(Connection connection) throws SQLException {
		String product = product(connection);
		return named(product, version(product, connection));
	}

	static Database named(String product, String version) {
		return switch (product) {
			case "PostgreSQL" -> new PostgreSql();
			case "MySQL", "MariaDB" -> new MySql(MySqlFlavor.of(version));
			case "SQLite" -> new Sqlite();
			case "H2" -> new H2();
			default -> throw unsupported(product);
		};
	}

	/**
	 * Ask the server, in one query where that is possible, what it really is.
	 * @param connection the connection to ask, in autocommit
	 * @return what the server said; its database is the one to use from then on
	 * @throws UnsupportedDatabaseException if it must not be migrated: a look-alike, too
	 * old, read-only, a standby, or behind something that breaks the lock
	 * @throws SQLException if it cannot be asked
	 */
	public static Server probe(Connection connection) throws SQLException {
		String product = product(connection);
		return switch (product) {
			case "PostgreSQL" -> PostgreSqlProbe.probe(connection);
			case "MySQL", "MariaDB" ->
				new MySqlProbe(MySqlFlavor.of(version(product, connection)), connection, true).probe();
			case "SQLite" -> SqliteProbe.probe(connection);
			case "H2" -> H2Probe.probe(connection);
			default -> throw unsupported(product);
		};
	}

	/**
	 * Ask the server what it really is, for who only looks: nothing is tried that could
	 * write, and a server that refuses to write is not refused.
	 * @param connection the connection to ask, in autocommit
	 * @return what the server said
	 * @throws UnsupportedDatabaseException if it could never be migrated: a look-alike,
	 * or too old
	 * @throws SQLException if it cannot be asked
	 */
	public static Server look(Connection connection) throws SQLException {
		String product = product(connection);
		return switch (product) {
			case "PostgreSQL" -> PostgreSqlProbe.look(connection);
			case "MySQL", "MariaDB" ->
				new MySqlProbe(MySqlFlavor.of(version(product, connection)), connection, false).probe();
			case "SQLite" -> SqliteProbe.look(connection);
			case "H2" -> H2Probe.look(connection);
			default -> throw unsupported(product);
		};
	}

	private static String product(Connection connection) throws SQLException {
		return connection.getMetaData().getDatabaseProductName();
	}

	/**
	 * Connector/J says MySQL where it is MariaDB; only the version tells. Other drivers
	 * would ask the server for it.
	 */
	private static String version(String product, Connection connection) throws SQLException {
		return product.equals("MySQL") ? connection.getMetaData().getDatabaseProductVersion() : product;
	}

	private static UnsupportedDatabaseException unsupported(String product) {
		return new UnsupportedDatabaseException("The database is %s, which is not supported.".formatted(product),
				"Supported are %s. Set migrate.enabled=false to start without migrations.".formatted(SUPPORTED));
	}

}
