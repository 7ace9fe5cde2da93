package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.HistoryAccessException;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.Mode;
import io.github.migrateboot.status.MigrationInfo.State;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Which history is this application's, whatever schemas there are and become.
 */
@ExtendWith(OutputCaptureExtension.class)
class HistoryPlaceTests {

	private static final String HISTORIES = "SELECT schemaname FROM pg_tables WHERE tablename = 'schema_migrations'"
			+ " ORDER BY schemaname";

	@TempDir
	private Path path;

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private static MigratorSettings settings() {
		return MigratorSettings.defaults(Instance.current("place"));
	}

	private Migrator migrator(MigrationConnections connections) {
		return new Migrator(folder().source(), connections, settings());
	}

	private MigrationReport migrate() {
		return migrator(this.database.connections()).migrate();
	}

	private MigrationReport migrate(String parameter) {
		return migrator(with(parameter)).migrate();
	}

	private MigrationConnections with(String parameter, String... initSql) {
		return connections(this.database.url() + (this.database.url().contains("?") ? "&" : "?") + parameter,
				this.database.user(), this.database.password(), initSql);
	}

	private static MigrationConnections connections(String url, String user, String password, String... initSql) {
		return new MigrationConnections() {

			@Override
			public Connection borrow() throws SQLException {
				return open(Map.of()).orElseThrow();
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
				Properties properties = new Properties();
				properties.setProperty("user", user);
				properties.setProperty("password", password);
				properties.putAll(driverProperties);
				Connection connection = DriverManager.getConnection(url, properties);
				try (Statement statement = connection.createStatement()) {
					for (String sql : initSql) {
						statement.execute(sql);
					}
				}
				return Optional.of(connection);
			}

		};
	}

	private List<String> histories() {
		return this.database.jdbc().queryForList(HISTORIES, String.class);
	}

	private int rows(String table) {
		Integer count = this.database.jdbc().queryForObject("SELECT count(*) FROM " + table, Integer.class);
		return (count != null) ? count : -1;
	}

	private void requireAppliedOnce(Migrator again, String... places) {
		assertThat(again.migrate().applied()).isEmpty();
		assertThat(rows("public.t")).isEqualTo(1);
		assertThat(histories()).containsExactly(places);
		assertThat(again.migrations()).allSatisfy((one) -> assertThat(one.state()).isEqualTo(State.APPLIED));
		new Migrator(folder().source(), this.database.connections(), settings().withMode(Mode.VALIDATE)).migrate();
	}

	private String once(String before) {
		return before + "\nCREATE TABLE IF NOT EXISTS public.t (a integer);\nINSERT INTO public.t VALUES (1);";
	}

	@Test
	void schemaOfTheUserThatAMigrationCreatesIsNoNewHistory() {
		folder().add("1_schema.sql", once("CREATE SCHEMA IF NOT EXISTS \"" + this.database.user() + "\";"));
		migrate();
		requireAppliedOnce(migrator(this.database.connections()), "public");
		folder().add("2_more.sql", "CREATE TABLE public.u (a integer);");
		assertThat(migrate().applied()).containsExactly("2");
		assertThat(histories()).containsExactly("public");
		assertThat(migrator(this.database.connections()).rollBack().rolledBack()).containsExactly("2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER DATABASE %d SET search_path = app, public;",
			"ALTER ROLE %u IN DATABASE %d SET search_path = app, public;",
			"ALTER DATABASE %d SET search_path = app, public; CREATE SCHEMA other;",
			"ALTER DATABASE %d SET search_path = public, app;",
			"ALTER DATABASE %d SET search_path = \"$user\", app, public;" })
	void pathThatAMigrationChangesLeadsToTheHistoryAllTheSame(String statement) {
		folder().add("1_path.sql",
				once("CREATE SCHEMA app;\n" + statement.replace("%d", this.database.quoted(this.database.name()))
					.replace("%u", this.database.quoted(this.database.user()))));
		migrate();
		requireAppliedOnce(migrator(this.database.connections()), "public");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			currentSchema=app,public |
			options=-c%20search_path=app,public |
			ApplicationName=pool  | SET search_path = app, public
			ApplicationName=pool  | SELECT set_config('search_path', 'app, public', false)
			ApplicationName=pool  | SET SESSION search_path TO 'app', public
			""")
	void pathThatTheConnectionNamesMeansItsFirstSchemaExistingOrNot(String parameter, String initSql) {
		folder().add("1_schema.sql", once("CREATE SCHEMA IF NOT EXISTS app;"));
		MigrationConnections connections = (initSql != null) ? with(parameter, initSql) : with(parameter);
		migrator(connections).migrate();
		assertThat(histories()).containsExactly("app");
		assertThat(migrator(connections).migrate().applied()).isEmpty();
		assertThat(migrator(connections).migrations()).extracting((one) -> one.state()).containsExactly(State.APPLIED);
		assertThat(rows("public.t")).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "currentSchema=t2,public", "options=-c%20search_path=t2,public" })
	void tenantBesideAHistoryInPublicGetsItsOwn(String parameter) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		migrate();
		assertThat(migrate(parameter).applied()).containsExactly("1");
		assertThat(migrate(parameter).applied()).isEmpty();
		assertThat(migrate("currentSchema=t3,t2,public").applied()).containsExactly("1");
		assertThat(histories()).containsExactly("public", "t2", "t3");
		this.database.jdbc().execute("CREATE SCHEMA t4");
		assertThat(migrate("currentSchema=t4,public").applied()).containsExactly("1");
		assertThat(rows("t4.t")).isZero();
	}

	@Test
	void ownPathOfTheUserThatTheConnectionNamesIsTheUsersIfThereIsOne() {
		folder().add("1_schema.sql", once("CREATE SCHEMA IF NOT EXISTS \"" + this.database.user() + "\";"));
		String parameter = "currentSchema=%22$user%22,public";
		migrate(parameter);
		assertThat(migrate(parameter).applied()).isEmpty();
		assertThat(rows("public.t")).isEqualTo(1);
		assertThat(histories()).containsExactly("public");
	}

	@Test
	void historyOfOtherFilesFurtherDownIsNotTaken() {
		folder().add("1_other.sql", "CREATE TABLE other (a integer);");
		migrate();
		folder().remove("1_other.sql").add("2_own.sql", "CREATE TABLE own (a integer);");
		this.database.execute("CREATE SCHEMA app",
				"ALTER DATABASE " + this.database.quoted(this.database.name()) + " SET search_path = app, public");
		assertThat(migrate().applied()).containsExactly("2");
		assertThat(histories()).containsExactly("app", "public");
		assertThat(rows("app.own")).isZero();
		assertThat(rows("public.schema_migrations")).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(Mode.class)
	void versionsOfOursWithoutAJournalAreAQuestion(Mode mode) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		this.database.execute("CREATE TABLE schema_migrations (version varchar PRIMARY KEY)",
				"INSERT INTO schema_migrations VALUES ('1')", "CREATE SCHEMA app",
				"ALTER DATABASE " + this.database.quoted(this.database.name()) + " SET search_path = app, public");
		Migrator migrator = new Migrator(folder().source(), this.database.connections(), settings().withMode(mode));
		assertThatExceptionOfType(HistoryAccessException.class).isThrownBy(migrator::migrate).satisfies((ex) -> {
			assertThat(ex.getDescription()).contains("app.schema_migrations", "public.schema_migrations", "(1)");
			assertThat(ex.getAction()).contains("migrate.table=public.schema_migrations",
					"migrate.table=app.schema_migrations");
		});
		assertThat(histories()).containsExactly("public");
		assertThat(new Migrator(folder().source(), this.database.connections(),
				settings().withMode(mode).withTable("public.schema_migrations"))
			.migrate()
			.applied()).isEmpty();
	}

	@Test
	void changedFileIsKnownByItsName() {
		folder().add("1_schema.sql", once("CREATE SCHEMA \"" + this.database.user() + "\";"));
		migrate();
		folder().add("1_schema.sql", once("-- changed\nCREATE SCHEMA \"" + this.database.user() + "\";"));
		assertThat(migrate().applied()).isEmpty();
		assertThat(rows("public.t")).isEqualTo(1);
	}

	@Test
	void halfAppliedMigrationThatHasCreatedTheSchemaIsResumed() {
		folder().addWithoutTransaction("1_schema.sql",
				once("CREATE SCHEMA \"" + this.database.user() + "\";") + "\nSELECT no_such_column;");
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(this::migrate);
		folder().addWithoutTransaction("1_schema.sql",
				once("CREATE SCHEMA \"" + this.database.user() + "\";") + "\nSELECT 1;");
		assertThat(migrate().applied()).containsExactly("1");
		assertThat(rows("public.t")).isEqualTo(1);
		assertThat(histories()).containsExactly("public");
	}

	/**
	 * One that starts before and one that starts after a schema is created wait for each
	 * other.
	 */
	@ParameterizedTest
	@ValueSource(
			strings = { "CREATE SCHEMA \"%u\"", "CREATE SCHEMA app; ALTER DATABASE %d SET search_path = app, public",
					"CREATE SCHEMA app; ALTER DATABASE %d SET search_path = public, app" })
	void instancesBeforeAndAfterTheSchemaWasCreatedExcludeEachOther(String change) throws Exception {
		this.database.execute("CREATE TABLE gate (a integer)");
		folder().add("1_gate.sql", "LOCK TABLE gate IN SHARE MODE;\n" + once(""));
		try (Connection keeper = this.database.connect(); Statement gate = keeper.createStatement()) {
			keeper.setAutoCommit(false);
			gate.execute("LOCK TABLE gate");
			Migrator before = migrator(this.database.connections());
			CompletableFuture<MigrationReport> first = CompletableFuture.supplyAsync(before::migrate);
			await().until(() -> before.status().state() == MigratorStatus.State.MIGRATING);
			for (String sql : change.split("; ")) {
				this.database.execute(sql.replace("%u", this.database.user())
					.replace("%d", this.database.quoted(this.database.name())));
			}
			Migrator after = migrator(this.database.connections());
			CompletableFuture<MigrationReport> second = CompletableFuture.supplyAsync(after::migrate);
			await().until(() -> after.status().holder() != null);
			keeper.commit();
			assertThat(first.get(30, TimeUnit.SECONDS).applied()).containsExactly("1");
			assertThat(second.get(30, TimeUnit.SECONDS).applied()).isEmpty();
		}
		assertThat(rows("public.t")).isEqualTo(1);
		assertThat(histories()).containsExactly("public");
	}

	@Test
	void runStartsOverIfTheHistoryIsElsewhereOnceItHasTheLock(CapturedOutput output, @TempDir Path others)
			throws Exception {
		folder().add("1_table.sql", once(""));
		assertThat(whileTheHistoryMoves(others, Migrator::migrate).applied()).isEmpty();
		assertThat(histories()).containsExactly(this.database.user());
		assertThat(rows("public.t")).isEqualTo(1);
		assertThat(output).contains("starting over");
	}

	@Test
	void rollbackStartsOverIfTheHistoryIsElsewhereOnceItHasTheLock(CapturedOutput output, @TempDir Path others)
			throws Exception {
		folder().addRaw("1_table.sql",
				"-- migrate:up\n" + once("") + "\n\n-- migrate:down\nDELETE FROM public.t WHERE a = 1;\n");
		migrate();
		assertThat(whileTheHistoryMoves(others, Migrator::rollBack).rolledBack()).containsExactly("1");
		assertThat(rows(this.database.quoted(this.database.user()) + ".schema_migrations")).isZero();
		assertThat(rows("public.schema_migrations")).isEqualTo(1);
		assertThat(rows("public.t")).isZero();
		assertThat(output).contains("starting over");
	}

	/**
	 * Let a run wait for the lock while somebody without it makes a history in the schema
	 * of the user.
	 */
	private MigrationReport whileTheHistoryMoves(Path others, Function<Migrator, MigrationReport> run)
			throws Exception {
		this.database.execute("CREATE TABLE gate (a integer)");
		MigrationFolder gated = new MigrationFolder(others).add("9_gate.sql", "LOCK TABLE gate IN SHARE MODE;");
		MigratorSettings settings = settings().withLock(settings().lock().withName("shared"));
		try (Connection keeper = this.database.connect(); Statement gate = keeper.createStatement()) {
			keeper.setAutoCommit(false);
			gate.execute("LOCK TABLE gate");
			Migrator holder = new Migrator(gated.source(), this.database.connections(),
					settings.withTable("public.other_migrations"));
			CompletableFuture<MigrationReport> first = CompletableFuture.supplyAsync(holder::migrate);
			await().until(() -> holder.status().state() == MigratorStatus.State.MIGRATING);
			Migrator waiter = new Migrator(folder().source(), this.database.connections(), settings);
			CompletableFuture<MigrationReport> second = CompletableFuture.supplyAsync(() -> run.apply(waiter));
			await().until(() -> waiter.status().holder() != null);
			assertThat(new Migrator(folder().source(), this.database.connections(),
					settings.withTable(this.database.user() + ".schema_migrations")
						.withLock(settings.lock().withStrategy(LockChoice.NONE)))
				.migrate()
				.applied()).containsExactly("1");
			keeper.commit();
			assertThat(first.get(30, TimeUnit.SECONDS).applied()).containsExactly("9");
			return second.get(30, TimeUnit.SECONDS);
		}
	}

	@Test
	void replicaWhosePoolIsOlderThanTheSearchPathWorks() throws SQLException {
		folder().add("1_path.sql", once("CREATE SCHEMA app;\nALTER DATABASE "
				+ this.database.quoted(this.database.name()) + " SET search_path = app, public;"));
		MigrationConnections fresh = this.database.connections();
		try (Connection old = this.database.connect()) {
			MigrationConnections older = new MigrationConnections() {

				@Override
				public Connection borrow() {
					return HistoryPlaceTests.keptOpen(old);
				}

				@Override
				public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
					return fresh.open(driverProperties);
				}

			};
			migrator(fresh).migrate();
			assertThat(migrator(older).migrate().applied()).isEmpty();
			folder().add("2_more.sql", "CREATE TABLE public.u (a integer);");
			assertThat(migrator(older).migrate().applied()).containsExactly("2");
			assertThat(migrator(fresh).migrate().applied()).isEmpty();
		}
		assertThat(histories()).containsExactly("public");
		assertThat(rows("public.t")).isEqualTo(1);
	}

	private static Connection keptOpen(Connection connection) {
		return (Connection) java.lang.reflect.Proxy.newProxyInstance(HistoryPlaceTests.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("close")) {
						return null;
					}
					return method.invoke(connection, arguments);
				});
	}

	@Test
	void temporaryTableIsNoHistory() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		MigrationConnections connections = with("ApplicationName=pool",
				"CREATE TEMPORARY TABLE schema_migrations (version varchar PRIMARY KEY)",
				"INSERT INTO schema_migrations VALUES ('1')");
		assertThat(migrator(connections).migrate().applied()).containsExactly("1");
		assertThat(rows("public.schema_migrations")).isEqualTo(1);
	}

	@Test
	void journalOfAnotherSchemaIsNotMixedIn() {
		folder().add("1_table.sql", "CREATE TABLE IF NOT EXISTS public.t (a integer);");
		migrate();
		this.database.execute("CREATE SCHEMA app", "CREATE TABLE app.schema_migrations (version varchar PRIMARY KEY)",
				"INSERT INTO app.schema_migrations VALUES ('1')");
		Migrator migrator = migrator(with("currentSchema=app,public"));
		assertThat(migrator.migrate().applied()).isEmpty();
		assertThat(migrator.migrations().get(0).instance()).isNull();
	}

	@Test
	void schemaFurtherDownThePathOfH2IsNotTaken() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase h2 = TestServer.H2.create()) {
			migrator(h2.connections()).migrate();
			h2.execute("CREATE SCHEMA app");
			MigrationConnections tenant = connections(h2.url(), h2.user(), h2.password(), "SET SCHEMA app",
					"SET SCHEMA_SEARCH_PATH app, public");
			assertThat(migrator(tenant).migrate().applied()).containsExactly("1");
			assertThat(migrator(tenant).migrate().applied()).isEmpty();
			assertThat(h2.jdbc().queryForObject("SELECT count(*) FROM app.t", Integer.class)).isZero();
		}
	}

	@Test
	void attachedDatabaseOfSqliteIsNotTaken() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase other = TestServer.SQLITE.create(); TestDatabase main = TestServer.SQLITE.create()) {
			migrator(other.connections()).migrate();
			MigrationConnections attached = connections(main.url(), "", "",
					"ATTACH '" + other.url().replace("jdbc:sqlite:", "") + "' AS other");
			assertThat(migrator(attached).migrate().applied()).containsExactly("1");
			assertThat(migrator(attached).migrate().applied()).isEmpty();
			assertThat(main.versions()).containsExactly("1");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void useInAMigrationDoesNotLeadElsewhere(TestServer server) {
		try (TestDatabase mysql = server.create(); TestDatabase other = server.create()) {
			folder()
				.add("1_use.sql", "CREATE TABLE t (a integer);\nUSE " + other.name() + ";\nCREATE TABLE u (a integer);")
				.add("2_insert.sql", "INSERT INTO t VALUES (1);");
			assertThat(migrator(mysql.connections()).migrate().applied()).containsExactly("1", "2");
			assertThat(migrator(mysql.connections()).migrate().applied()).isEmpty();
			assertThat(mysql.versions()).containsExactly("1", "2");
		}
	}

}
