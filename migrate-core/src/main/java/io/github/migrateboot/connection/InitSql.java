package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;

import io.github.migrateboot.database.ConnectionTarget;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Server;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.failure.ConnectionMismatchException;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.script.SqlExcerpt;

/**
 * What is run on the migrating connection before the first migration.
 *
 * @param script one or more statements
 */
record InitSql(String script) {

	/**
	 * PostgreSQL lists no setting that has a dot in its name, so it can't be captured.
	 */
	private static final Pattern UNLISTED = Pattern.compile("set\\s+(session\\s+)?[\\w$]+\\.[\\w$.]+\\s*(=|\\sto\\s).*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/**
	 * Execute the statements, which may change the session and not where it leads.
	 * @param connection the migrating connection, in autocommit
	 * @param server what it leads to
	 * @return statements that have to be executed again when the session is restored
	 */
	List<String> execute(Connection connection, Server server) throws SQLException {
		if (server.database().isPooled()) {
			throw new InvalidSettingException(
					"migrate.init-sql is set, and behind the pooler there is no session that would keep what it sets.",
					"Set it for the user or the database (ALTER ROLE … SET, ALTER DATABASE … SET), or let migrate.url lead"
							+ " around the pooler.");
		}
		List<String> statements = executeAll(connection, server.database());
		ConnectionTarget now = server.database().sessions().target(connection);
		if (!now.isSameAs(server.destination())) {
			throw new ConnectionMismatchException(
					"migrate.init-sql leads the connection from " + server.destination() + " to " + now
							+ "; migrating there would change the wrong tables.",
					"Remove from it what changes the schema or the database; migrate.url can lead elsewhere.");
		}
		return statements.stream().filter((sql) -> UNLISTED.matcher(sql).matches()).toList();
	}

	/**
	 * Execute the statements on a connection beside the migrating one.
	 * @param connection the connection, in autocommit
	 * @param database the kind of database
	 */
	void executeAgain(Connection connection, Database database) throws SQLException {
		executeAll(connection, database);
	}

	private List<String> executeAll(Connection connection, Database database) throws SQLException {
		List<String> statements = database.rules().statements(this.script);
		for (String sql : statements) {
			try (Statement statement = connection.createStatement()) {
				statement.execute(sql);
			}
			catch (SQLException ex) {
				throw new InvalidSettingException(
						FailureText.of("migrate.init-sql failed")
							.and(new FailureText(" at \"" + SqlExcerpt.of(sql) + "\"", ""))
							.and(": ")
							.and(SqlErrors.text(ex))
							.and(". Nothing was applied in this run."),
						"Correct migrate.init-sql, or what it needs in the database, and start again.", ex);
			}
		}
		return statements;
	}

}
