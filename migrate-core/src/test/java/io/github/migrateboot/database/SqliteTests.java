package io.github.migrateboot.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Sqlite}.
 */
class SqliteTests {

	private static final Instance INSTANCE = new Instance("web-7f9c", 4711, "orders");

	private final Sqlite sqlite = new Sqlite();

	private TestDatabase database;

	private String file;

	@BeforeEach
	void create() {
		this.database = TestServer.SQLITE.create();
		this.file = this.database.url().substring("jdbc:sqlite:".length());
		this.database.execute("create table t (id integer primary key)", "pragma user_version = 7");
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void saysWhichFileItIs() throws SQLException {
		Path relative = Path.of("").toAbsolutePath().relativize(Path.of(this.file));
		try (Connection connection = this.database.connect();
				Connection same = DriverManager.getConnection("jdbc:sqlite:" + relative)) {
			Server server = Databases.probe(connection);
			assertThat(server.version()).startsWith("3.");
			assertThat(server.reach()).isEqualTo(Server.Reach.SHARED);
			assertThat(server.destination()).isEqualTo(new ConnectionTarget(this.file, "main", null));
			assertThat(this.sqlite.sessions().target(same)).isEqualTo(server.destination());
		}
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:sqlite::memory:, THIS_CONNECTION", "jdbc:sqlite:, THIS_CONNECTION",
			"jdbc:sqlite:file:shared?mode=memory&cache=shared, THIS_PROCESS",
			"jdbc:sqlite:file:/shared?vfs=memdb, THIS_PROCESS" })
	void noOtherProcessReachesMemory(String url, Server.Reach reach) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url)) {
			assertThat(Databases.probe(connection).reach()).isEqualTo(reach);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:sqlite:%s?open_mode=1", "jdbc:sqlite:file:%s?mode=ro",
			"jdbc:sqlite:file:%s?immutable=1" })
	void refusesAFileThatIsOpenForReading(String url) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url.formatted(this.file))) {
			assertThatExceptionOfType(UnsupportedDatabaseException.class).isThrownBy(() -> Databases.probe(connection))
				.satisfies((ex) -> assertThat(ex.getDescription()).contains("read-only", "file"));
			assertThat(connection.getAutoCommit()).isTrue();
		}
	}

	@Test
	void refusesASessionThatOnlyReads() throws SQLException {
		try (Connection connection = this.database.connect()) {
			Jdbc.execute(connection, "pragma query_only = on");
			assertThatExceptionOfType(UnsupportedDatabaseException.class).isThrownBy(() -> Databases.probe(connection))
				.satisfies((ex) -> assertThat(ex.getDescription()).contains("PRAGMA query_only is on"));
		}
	}

	@Test
	void probingChangesNothingAndWaitsForNobody() throws SQLException {
		try (Connection connection = this.database.connect(); Connection writer = this.database.connect()) {
			Jdbc.execute(connection, "pragma busy_timeout = 20000");
			Jdbc.execute(writer, "begin immediate");
			long start = System.nanoTime();
			assertThat(Databases.probe(connection).reach()).isEqualTo(Server.Reach.SHARED);
			assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
			Jdbc.execute(writer, "commit");
			Databases.probe(connection);
			assertThat(Jdbc.onlyRow(connection, "pragma user_version")).containsExactly("7");
			assertThat(Jdbc.onlyRow(connection, "pragma busy_timeout")).containsExactly("20000");
			Jdbc.execute(writer, "insert into t values (1)");
		}
	}

	@Test
	void takesADotAsAPartOfTheName() throws SQLException {
		TableName name = this.sqlite.parseTableName("app.\"x\"");
		try (Connection connection = this.database.connect()) {
			TableName resolved = this.sqlite.resolve(name, connection);
			assertThat(resolved).isEqualTo(new TableName("main", "app.\"x\""));
			Jdbc.execute(connection, "create table " + this.sqlite.quote(resolved) + " (version varchar(128))");
			assertThat(Jdbc.onlyRow(connection, "select name from main.sqlite_schema where name like 'app%'"))
				.containsExactly("app.\"x\"");
		}
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> this.sqlite.parseTableName(" "));
	}

	@Test
	void tellsAMissingTableAndAMissingRightFromOtherErrors() throws SQLException {
		try (Connection connection = this.database.connect()) {
			assertError(connection, "select * from missing", true, false);
			assertError(connection, "select missing", false, false);
			Jdbc.execute(connection, "pragma query_only = on");
			assertError(connection, "insert into t values (1)", false, true);
		}
	}

	/**
	 * SQLite looks twice for a table before it says that the schema changes too often.
	 */
	@Test
	void changingSchemaIsHeldUpByOthers() throws Exception {
		AtomicBoolean over = new AtomicBoolean();
		try (Connection reader = this.database.connect(); Connection writer = this.database.connect()) {
			for (String pragma : List.of("journal_mode = memory", "synchronous = off")) {
				Jdbc.execute(writer, "pragma " + pragma);
			}
			CompletableFuture<Void> changes = CompletableFuture.runAsync(() -> change(writer, over));
			SQLException error = await().pollInSameThread()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofNanos(1))
				.atMost(Duration.ofSeconds(60))
				.until(() -> catchThrowableOfType(SQLException.class,
						() -> Jdbc.execute(reader, "select a from missing")), (one) -> one.getErrorCode() != 1);
			over.set(true);
			changes.get(30, TimeUnit.SECONDS);
			assertThat((Exception) error).hasMessageContaining("SQLITE_SCHEMA");
			assertThat(this.sqlite.errors().isLockTimeout(error)).isTrue();
			assertThat(this.sqlite.errors().isMissingTable(error)).isFalse();
		}
	}

	private static void change(Connection connection, AtomicBoolean over) {
		try {
			while (!over.get()) {
				Jdbc.execute(connection, "create table u (a integer)");
				Jdbc.execute(connection, "drop table u");
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void assertError(Connection connection, String sql, boolean missing, boolean denied) {
		SQLException error = catchThrowableOfType(SQLException.class, () -> Jdbc.execute(connection, sql));
		assertThat((Exception) error).as(sql).isNotNull();
		assertThat(this.sqlite.errors().isMissingTable(error)).as(sql).isEqualTo(missing);
		assertThat(this.sqlite.errors().isPermissionDenied(error)).as(sql).isEqualTo(denied);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void putsBackWhatAMigrationHasChanged(boolean inTransaction) throws SQLException {
		try (Connection connection = this.database.connect()) {
			Jdbc.execute(connection, "pragma foreign_keys = on");
			List<@Nullable String> original = pragmas(connection);
			SessionState state = this.sqlite.sessions().prepare(connection, INSTANCE);
			List<@Nullable String> prepared = pragmas(connection);
			makeAMess(connection);
			assertThat(pragmas(connection)).doesNotContainSequence(prepared);
			if (inTransaction) {
				Jdbc.execute(connection, "begin");
			}
			execute(connection, state.betweenMigrations());
			if (inTransaction) {
				// The foreign keys cannot be switched on in a transaction
				Jdbc.execute(connection, "rollback");
				execute(connection, state.betweenMigrations());
			}
			assertThat(pragmas(connection)).isEqualTo(prepared);
			assertThat(Jdbc.onlyRow(connection, "pragma busy_timeout")).containsExactly("60000");
			makeAMess(connection);
			Jdbc.execute(connection, "pragma synchronous = off");
			execute(connection, state.original());
			assertThat(pragmas(connection)).isEqualTo(original);
		}
	}

	private static void makeAMess(Connection connection) throws SQLException {
		execute(connection,
				List.of("pragma foreign_keys = off", "pragma ignore_check_constraints = on",
						"pragma recursive_triggers = on", "pragma legacy_alter_table = on",
						"pragma defer_foreign_keys = on", "pragma writable_schema = on", "pragma trusted_schema = off",
						"pragma busy_timeout = 1", "pragma query_only = on"));
	}

	private static List<@Nullable String> pragmas(Connection connection) throws SQLException {
		List<@Nullable String> values = new ArrayList<>();
		for (String pragma : List.of("foreign_keys", "ignore_check_constraints", "recursive_triggers",
				"legacy_alter_table", "defer_foreign_keys", "writable_schema", "trusted_schema", "busy_timeout",
				"query_only", "synchronous", "user_version")) {
			values.add(pragma + "=" + Jdbc.onlyRow(connection, "pragma " + pragma).get(0));
		}
		return values;
	}

	private static void execute(Connection connection, List<String> statements) throws SQLException {
		for (String statement : statements) {
			Jdbc.execute(connection, statement);
		}
	}

}
