package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.ServerMessage;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.observation.ObservedStatement;
import io.github.migrateboot.observation.StatementObserver;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.Script;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link StatementObserver}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StatementObserverTests {

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database, StatementObserver observer) {
		return new MigratorBuilder("tests", folder().source(), database.connections(),
				MigratorSettings.defaults(Instance.current("tests")))
			.observer(observer)
			.build();
	}

	@ParameterizedTest
	@EnumSource
	void isToldOfEachStatementWhenItsTurnHasCome(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);")
			.add("2_more.sql", "INSERT INTO t VALUES (3);")
			.addWithoutTransaction("3_outside.sql", "INSERT INTO t VALUES (4);");
		Counting observer = new Counting();
		try (TestDatabase database = server.create()) {
			migrator(database, observer).migrate();
			assertThat(database.versions()).containsExactly("1", "2", "3");
			assertThat(database.jdbc().queryForList("SELECT a FROM t ORDER BY a", Integer.class)).containsExactly(1, 2,
					3, 4);
		}
		// SQLite's transaction is started by a statement.
		String inTransaction = (server == TestServer.SQLITE) ? " alone" : " in transaction";
		assertThat(observer.told).containsExactly("1_table.sql begins", "1" + inTransaction, "1: 0",
				"2" + inTransaction, "2: 1", "3" + inTransaction, "3: 2", "1_table.sql ends", "2_more.sql begins",
				"1" + inTransaction, "1: 3", "2_more.sql ends", "3_outside.sql begins", "1 alone", "1: 4",
				"3_outside.sql ends");
	}

	@ParameterizedTest
	@EnumSource
	void sendsAStatementInAnotherWay(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);");
		try (TestDatabase database = server.create()) {
			migrator(database, (statement) -> statement.execute(statement.statement().text().replace("(1)", "(17)"),
					ServerMessage.Listener.LOG))
				.migrate();
			assertThat(database.jdbc().queryForObject("SELECT a FROM t", Integer.class)).isEqualTo(17);
		}
	}

	@ParameterizedTest
	@EnumSource
	void failsTheMigrationAsItsStatementDoes(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);").add("2_more.sql", "INSERT INTO t VALUES (1);");
		try (TestDatabase database = server.create()) {
			Migrator migrator = migrator(database, (statement) -> {
				statement.execute();
				if (statement.statement().startsWith("INSERT")) {
					throw new SQLException("seen too much");
				}
			});
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::migrate)
				.withMessageContainingAll("2_more.sql", "statement 1 of 1", "seen too much");
			assertThat(database.versions()).containsExactly("1");
		}
	}

	@Test
	void takesWhatTheServerSaysInsteadOfTheLog(CapturedOutput output) {
		folder().add("1_notices.sql", "DO $$BEGIN RAISE NOTICE 'taken'; RAISE NOTICE 'left'; END$$;");
		List<ServerMessage> taken = new ArrayList<>();
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrator(database, (statement) -> statement.execute(statement.statement().text(),
					(message) -> message.text().equals("taken") && taken.add(message)))
				.migrate();
		}
		assertThat(taken).containsExactly(new ServerMessage("NOTICE", "00000", "taken",
				new ServerMessage.Source("pl_exec.c", "exec_stmt_raise")));
		assertThat(output).contains("The server says: left").doesNotContain("The server says: taken");
	}

	@Test
	void doesNotHinderASettingOfTheTransaction() {
		folder().add("1_isolated.sql", """
				SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
				CREATE TABLE t AS SELECT current_setting('transaction_isolation') AS a;""");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrator(database, new Counting()).migrate();
			assertThat(database.jdbc().queryForObject("SELECT a FROM t", String.class)).isEqualTo("serializable");
		}
	}

	/**
	 * Looks at the database after each statement, on its connection.
	 */
	private static final class Counting implements StatementObserver {

		private final List<String> told = new ArrayList<>();

		@Override
		public void beforeFile(Connection connection, MigrationFile file, Script script) throws SQLException {
			assertThat(connection.getAutoCommit()).isTrue();
			this.told.add(file.name() + " begins");
		}

		@Override
		public void around(ObservedStatement statement) throws SQLException {
			int number = statement.statement().number();
			this.told.add(number + (statement.connection().getAutoCommit() ? " alone" : " in transaction"));
			statement.execute();
			try (var query = statement.connection().createStatement();
					var rows = query.executeQuery("SELECT count(*) FROM t")) {
				rows.next();
				this.told.add(number + ": " + rows.getInt(1));
			}
		}

		@Override
		public void afterFile(Connection connection, MigrationFile file) throws SQLException {
			assertThat(connection.getAutoCommit()).isTrue();
			this.told.add(file.name() + " ends");
		}

	}

}
