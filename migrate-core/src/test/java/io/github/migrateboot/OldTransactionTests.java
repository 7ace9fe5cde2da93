package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is said about old transactions before a table is rebuilt.
 */
@ExtendWith(OutputCaptureExtension.class)
class OldTransactionTests {

	private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);

	private static final String OLD = "in a transaction that has been open for longer than the lock timeout: ";

	@TempDir
	private Path path;

	private void migrate(TestDatabase database, String up) {
		StatementSettings settings = StatementSettings.defaults().withLockTimeout(LOCK_TIMEOUT).withRetries(1);
		new Migrator(new MigrationFolder(this.path).add("1_file.sql", up).source(), database.connections(),
				MigratorSettings.defaults(Instance.current("rebuild")).withStatement(settings))
			.migrate();
	}

	private static TestDatabase create(TestServer server) {
		TestDatabase database = server.create();
		database.execute("CREATE TABLE digits (d int PRIMARY KEY)",
				"INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)",
				"CREATE TABLE Large (id int PRIMARY KEY AUTO_INCREMENT, a int, b varchar(900))", """
						INSERT INTO Large (a, b) SELECT 1, REPEAT('x', 900)
						FROM digits a, digits b, digits c, digits d, digits e WHERE e.d < 3
						""", "ANALYZE TABLE Large");
		return database;
	}

	/**
	 * A session with a transaction that has been open for longer than the limit.
	 */
	private static Connection open(TestDatabase database, String table) throws SQLException {
		Connection connection = database.connect();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT COUNT(*) FROM " + table);
		}
		long id = id(connection);
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> database.jdbc()
				.queryForObject("SELECT time FROM information_schema.processlist WHERE id = " + id, Integer.class) > 1);
		return connection;
	}

	private static long id(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
			row.next();
			return row.getLong(1);
		}
	}

	private static Stream<String> warnings(CapturedOutput output) {
		return output.getOut().lines().filter((line) -> line.contains(OLD));
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void saysWhoseTransactionWouldMeetTheRebuild(TestServer server, CapturedOutput output) throws Exception {
		try (TestDatabase database = create(server); Connection user = open(database, "Large")) {
			long id = id(user);
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(() -> migrate(database, "ALTER TABLE `Large` ENGINE=InnoDB;"));
			// Tried twice and told once
			assertThat(output).contains("Retrying in");
			assertThat(warnings(output)).singleElement()
				.asString()
				.contains("WARN", "1_file.sql, statement 1 (line 2): table Large ",
						(server == TestServer.MYSQL) ? "is in use" : "may be in use", "session " + id + " (",
						"in a transaction, idle for ", "(migrate.statement.lock-timeout). It is ended with KILL " + id);
			user.rollback();
			migrate(database, "ALTER TABLE `Large` ENGINE=InnoDB;");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void looksBeforeAnIndexAndBeforeOptimize(TestServer server, CapturedOutput output) throws Exception {
		int told = 0;
		for (String statement : List.of("CREATE INDEX i ON Large (a);", "OPTIMIZE TABLE digits, Large;")) {
			try (TestDatabase database = create(server); Connection user = open(database, "Large")) {
				assertThatExceptionOfType(MigrationException.class).isThrownBy(() -> migrate(database, statement));
				assertThat(warnings(output)).as(statement).hasSize(++told);
				assertThat(output).contains("session " + id(user));
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void saysNothingAboutSmallAndNewTablesAndWhereNobodyIs(TestServer server, CapturedOutput output) throws Exception {
		try (TestDatabase database = create(server)) {
			database.execute("CREATE TABLE small (a int)");
			migrate(database, "ALTER TABLE Large FORCE;");
			try (Connection user = open(database, "digits")) {
				migrate(database,
						"CREATE TABLE n AS SELECT * FROM Large;\nALTER TABLE n FORCE;\nALTER TABLE small ADD b int;");
				assertThat(id(user)).isPositive();
			}
			assertThat(warnings(output)).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void whoMayNotSeeItIsToldNothingAndMigrates(TestServer server, CapturedOutput output) throws Exception {
		try (TestDatabase database = create(server)) {
			String name = database.createUserWithoutRights();
			database.execute("GRANT ALL ON " + database.name() + ".* TO " + name + "@'%'");
			try (Connection user = open(database, "digits")) {
				migrate(database.as(name, "secret"), "ALTER TABLE Large FORCE;");
				assertThat(id(user)).isPositive();
			}
			assertThat(warnings(output)).isEmpty();
			assertThat(database.versions()).containsExactly("1");
		}
	}

}
