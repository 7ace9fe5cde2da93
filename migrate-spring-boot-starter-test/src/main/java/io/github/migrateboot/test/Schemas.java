package io.github.migrateboot.test;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;

import javax.sql.DataSource;

import io.github.migrateboot.database.Databases;

/**
 * Reads what a database consists of, one line for each thing, the tables of the history
 * left out.
 */
abstract class Schemas {

	static final String OWN_TABLES = "('schema_migrations', 'schema_migrations_journal', 'schema_migrations_lock')";

	private final DataSource dataSource;

	Schemas(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	static Schemas of(DataSource dataSource) {
		try (Connection connection = dataSource.getConnection()) {
			String id = Databases.detect(connection).id();
			return switch (id) {
				case "postgresql" -> new PostgresSchemas(dataSource);
				case "sqlite" -> new SqliteSchemas(dataSource);
				default -> throw new IllegalStateException(
						"Schemas can be compared on PostgreSQL and SQLite, and this is " + id);
			};
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The database cannot be reached", ex);
		}
	}

	Set<String> read() {
		Set<String> lines = new TreeSet<>();
		try (Connection connection = this.dataSource.getConnection()) {
			read(connection, lines);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The schema cannot be read", ex);
		}
		return lines;
	}

	abstract void read(Connection connection, Set<String> lines) throws SQLException;

}
