package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.ReadOnlyDatabaseException;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server that speaks PostgreSQL's protocol what it is, and refuses what must not
 * be migrated.
 */
final class PostgreSqlProbe {

	private static final String PROBE = "select " + PostgreSqlSessions.TARGET + ", pg_catalog.version(), "
			+ "pg_catalog.current_setting('server_version_num'), pg_catalog.pg_is_in_recovery()::text, "
			+ "pg_catalog.current_setting('transaction_read_only'), pg_catalog.pg_backend_pid(), "
			+ "(select backend_start::text from pg_catalog.pg_stat_activity where pid = pg_catalog.pg_backend_pid()), "
			+ "pg_catalog.current_setting('server_encoding')";

	/** The first column behind the target. */
	private static final int VERSION = PostgreSqlSessions.TARGET_COLUMNS;

	private static final Pattern LOOK_ALIKES = Pattern.compile(
			"CockroachDB|-YB-|Yugabyte|Redshift|Greenplum|Cloudberry"
					+ "|Materialize|RisingWave|QuestDB|CrateDB|Vertica|openGauss|GaussDB|Spanner",
			Pattern.CASE_INSENSITIVE);

	private PostgreSqlProbe() {
	}

	static Server probe(Connection connection) throws SQLException {
		List<@Nullable String> answer = ask(connection);
		Server server = server(connection, answer);
		if (Boolean.parseBoolean(answer.get(VERSION + 2))) {
			throw new ReadOnlyDatabaseException("The PostgreSQL server is a standby (pg_is_in_recovery() is true), "
					+ "which nothing can be written to.", "Connect to the primary.");
		}
		if ("on".equals(answer.get(VERSION + 3))) {
			throw readOnly(connection);
		}
		return server;
	}

	static Server look(Connection connection) throws SQLException {
		return server(connection, ask(connection));
	}

	private static Server server(Connection connection, List<@Nullable String> answer) throws SQLException {
		requireSupported(Jdbc.text(answer, VERSION), Integer.parseInt(Jdbc.text(answer, VERSION + 1)));
		boolean pooler = PostgreSqlDriver.isPooled(connection, Integer.parseInt(Jdbc.text(answer, VERSION + 4)));
		PostgreSql database = new PostgreSql(pooler, PostgreSqlEncodings.charset(Jdbc.text(answer, VERSION + 6)));
		return new Server(database, version(Jdbc.text(answer, VERSION)), PostgreSqlSessions.target(answer),
				Server.Reach.SHARED, pooler ? null : session(answer));
	}

	private static @Nullable SessionProbe session(List<@Nullable String> answer) {
		String start = answer.get(VERSION + 5);
		return (start != null) ? new PostgreSqlSessionProbe(Integer.parseInt(Jdbc.text(answer, VERSION + 4)), start)
				: null;
	}

	private static List<@Nullable String> ask(Connection connection) throws SQLException {
		try {
			return Jdbc.onlyRow(connection, PROBE);
		}
		catch (SQLException ex) {
			// A look-alike need not know all of it
			requireGenuine(Jdbc.text(Jdbc.onlyRow(connection, "select version()"), 0));
			throw ex;
		}
	}

	static void requireSupported(String version, int number) {
		requireGenuine(version);
		if (number < 140000) {
			throw new UnsupportedDatabaseException(
					"The server is %s, which is too old.".formatted("PostgreSQL " + version(version)),
					"PostgreSQL 14 or later is supported. Upgrade the server.");
		}
	}

	private static void requireGenuine(String version) {
		// A genuine one says "PostgreSQL 18.1 on x86_64-pc-linux-gnu, compiled by …"
		boolean genuine = version.startsWith("PostgreSQL ") && version.contains(" on ")
				&& version.contains("compiled by ");
		if (!genuine || LOOK_ALIKES.matcher(version).find()) {
			throw new UnsupportedDatabaseException("The server speaks PostgreSQL's protocol but says that it is '"
					+ version + "'. On such servers advisory locks and transactional DDL are missing or do not "
					+ "mean the same, so two instances could migrate at once.", "Use PostgreSQL 14 or later.");
		}
	}

	private static String version(String version) {
		return version.split(" ", 3)[1];
	}

	private static UnsupportedDatabaseException readOnly(Connection connection) throws SQLException {
		String source = Jdbc
			.text(Jdbc.onlyRow(connection, "select case when setting = 'on' then source else 'transaction' end "
					+ "from pg_catalog.pg_settings where name = 'default_transaction_read_only'"), 0);
		String cause = switch (source) {
			case "database", "user", "database user" ->
				"default_transaction_read_only is on for this database or user (ALTER DATABASE or ALTER ROLE … SET)";
			case "client" -> "the options in the JDBC URL switch default_transaction_read_only on";
			case "session" -> "the pool or its init SQL has switched the session to read-only";
			case "transaction" -> "the connection is set to read-only";
			default -> "default_transaction_read_only is on in the server's configuration";
		};
		String description = "PostgreSQL refuses to write: " + cause + ".";
		String action = "Switch it off for migrations, or connect to a writable server.";
		return Set.of("client", "session", "transaction").contains(source)
				? new UnsupportedDatabaseException(description, action)
				: new ReadOnlyDatabaseException(description, action);
	}

}
