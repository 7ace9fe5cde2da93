package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.failure.TrafficBlockedException;
import io.github.migrateboot.history.JournalEntry;
import io.github.migrateboot.settings.BlockingSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import io.github.migrateboot.testing.Traffic;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A migration that keeps the application's traffic waiting on PostgreSQL.
 */
@ExtendWith(OutputCaptureExtension.class)
class FuseTests {

	/** Longer than what a migration would take that nobody ends. */
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** Far more than the limit, and far less than what the migrations would take. */
	private static final Duration SOON = Duration.ofSeconds(10);

	private static final BlockingSettings LIMITED = new BlockingSettings(Duration.ofMillis(500), Duration.ofSeconds(1),
			Duration.ofMinutes(5));

	private static final String READ = "select a from t where id = 1";

	private static final String WRITE = "update t set a = a where id = 1";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database, BlockingSettings blocking) {
		return new Migrator(folder().source(), database.connections(),
				MigratorSettings.defaults(Instance.current("fuse"))
					.withStatement(StatementSettings.defaults().withBlocking(blocking)));
	}

	private MigrationReport migrate(TestDatabase database, BlockingSettings blocking) {
		return get(CompletableFuture.supplyAsync(() -> migrator(database, blocking).migrate()));
	}

	private static <T> T get(CompletableFuture<T> future) {
		try {
			return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : new IllegalStateException(ex);
		}
		catch (InterruptedException | TimeoutException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Create a table of 2,000 rows, each of which costs a function 10 ms.
	 */
	private static TestDatabase create(TestServer server) {
		TestDatabase database = server.create();
		database.execute("""
				create function slow(v integer) returns integer immutable language plpgsql
				as 'begin perform pg_sleep(0.01); return v; end'""",
				"create function slowly() returns integer volatile language plpgsql"
						+ " as 'begin perform pg_sleep(0.01); return 1; end'",
				"create table t (id integer primary key, a integer)",
				"insert into t select i, i from generate_series(1, 2000) i", "create table other (a integer)");
		return database;
	}

	private MigrationFailedException blown(TestDatabase database) {
		return catchThrowableOfType(MigrationFailedException.class, () -> migrate(database, LIMITED));
	}

	private static @Nullable String error(TestDatabase database, String version) {
		return database.jdbc()
			.queryForObject("select error from schema_migrations_journal where version = ?", String.class, version);
	}

	private static Integer columns(TestDatabase database) {
		return database.jdbc()
			.queryForObject("select count(*) from information_schema.columns where table_name = 't'", Integer.class);
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "POSTGRES" })
	void rollsBackWhatBlocksReadersByWhatItHasLocked(TestServer server, CapturedOutput output) {
		folder().add("1_alter.sql", "alter table t add column b integer;\nselect pg_sleep(40);");
		try (TestDatabase database = create(server); Traffic traffic = new Traffic(database, 2, READ)) {
			MigrationFailedException failure = blown(database);
			assertThat(failure.getDescription()).contains("Migration 1_alter.sql failed at statement 2 of 2, line 3",
					"It was tried 2 times in ", "It was cancelled because it kept 2 sessions waiting, the first for ",
					"(orders, waits for AccessShareLock on t)", "(migrate.statement.max-blocking is 0.5 s)",
					"The migration was rolled back, nothing of it has taken effect.");
			assertThat(failure.getAction()).contains("or remove migrate.statement.max-blocking");
			assertThat(traffic.longest()).isLessThan(SOON);
			assertThat(traffic.failures()).isEmpty();
			assertThat(columns(database)).isEqualTo(2);
			assertThat(database.versions()).isEmpty();
			assertThat(error(database, "1")).startsWith(JournalEntry.BLOCKED_TRAFFIC + "2 sessions waiting");
			assertThat(output).contains("That is longer than migrate.statement.max-blocking allows (0.5 s)",
					"Retrying in 1.0 s (retry 1 of 10)");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "alter table t add column b integer default slowly()", "create index i on t (slow(a))",
			"alter table t add constraint c check (slow(a) > 0)",
			"lock table t in access exclusive mode;\nupdate other set a = slow(1);\nselect slow(a) from t",
			"savepoint s;\nalter table t add column b integer;\nselect pg_sleep(40);\nrelease s",
			"alter table t add column b integer;\ninsert into other select slow(i) from generate_series(1, 4000) i",
			"do $$ begin alter table t add column b integer; begin perform pg_sleep(20);"
					+ " exception when query_canceled then null; end; perform pg_sleep(40); end $$" })
	void rollsBackWhatBlocksWritersByItsWork(String statements) {
		folder().add("1_work.sql", statements + ";");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED);
				Traffic traffic = new Traffic(database, 2, WRITE)) {
			assertThat(blown(database)).hasMessageContaining("It was tried 2 times in ")
				.hasMessageContaining("It was cancelled because it kept ");
			assertThat(traffic.longest()).isLessThan(SOON);
			assertThat(traffic.failures()).isEmpty();
			assertThat(columns(database)).isEqualTo(2);
			assertThat(database.jdbc().queryForObject("select count(*) from other", Integer.class)).isZero();
			assertThat(database.jdbc()
				.queryForObject("select count(*) from pg_index where indrelid = 't'::regclass", Integer.class)).isOne();
			assertThat(database.versions()).isEmpty();
		}
	}

	@Test
	void rollsBackWhatRunsOutsideATransaction() {
		folder().addWithoutTransaction("1_vacuum.sql", "create table first (a integer);\nvacuum full t;");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED)) {
			database.execute("create index slow_index on t (slow(a)) where id <= 400");
			try (Traffic traffic = new Traffic(database, 2, READ)) {
				assertThat(blown(database)).hasMessageContaining("Statements 1 to 1 have taken effect and stay");
				assertThat(traffic.longest()).isLessThan(SOON);
				assertThat(error(database, "1")).startsWith(JournalEntry.BLOCKED_TRAFFIC);
				assertThatExceptionOfType(TrafficBlockedException.class).isThrownBy(() -> migrate(database, LIMITED));
			}
		}
	}

	/**
	 * A rollback executes its statements one by one, and the block swallows what was to
	 * cancel it.
	 */
	@Test
	void sendsNoMoreStatementsWhenOneWasNotToBeCancelled() {
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED)) {
			folder().addRaw("1_down.sql", """
					-- migrate:up
					alter table t add column b integer;
					-- migrate:down
					alter table t drop column b;
					do $$ begin for i in 1..3 loop begin perform pg_sleep(2);
					exception when query_canceled then null; end; end loop; end $$;
					select pg_sleep(40);
					""");
			migrate(database, LIMITED);
			try (Traffic traffic = new Traffic(database, 1, READ)) {
				assertThatExceptionOfType(MigrationFailedException.class)
					.isThrownBy(() -> get(CompletableFuture.supplyAsync(() -> migrator(database, LIMITED).rollBack())))
					.withMessageContaining("statement 3 of 3")
					.withMessageContaining("It was not sent, because what stands before it had kept others waiting");
				assertThat(traffic.longest()).isLessThan(SOON);
				assertThat(columns(database)).isEqualTo(3);
				assertThat(database.versions()).containsExactly("1");
			}
		}
	}

	@Test
	void triesAgainWhatOnlyQueuedItself(CapturedOutput output) throws SQLException {
		folder().add("1_alter.sql", "alter table t add column b integer;");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED);
				Connection reader = database.connect();
				Statement statement = reader.createStatement()) {
			reader.setAutoCommit(false);
			statement.execute(READ);
			try (Traffic traffic = new Traffic(database, 2, READ)) {
				CompletableFuture<MigrationReport> run = CompletableFuture
					.supplyAsync(() -> new Migrator(folder().source(), database.connections(),
							MigratorSettings.defaults(Instance.current("fuse"))
								.withStatement(
										StatementSettings.defaults().withLockTimeout(PATIENCE).withBlocking(LIMITED)))
						.migrate());
				Awaitility.await("the third try")
					.atMost(PATIENCE)
					.until(() -> run.isDone() || output.getOut().contains("(retry 3 of 10)"));
				reader.rollback();
				MigrationReport report = get(run);
				assertThat(report.applied()).containsExactly("1");
				assertThat(report.retries()).isGreaterThanOrEqualTo(3);
				assertThat(traffic.longest()).isLessThan(SOON);
			}
		}
	}

	@Test
	void neverEndsWhatIsBuiltConcurrently() {
		folder().addWithoutTransaction("1_index.sql", "create index concurrently i on t (slow(a)) where id <= 200;");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED);
				Traffic traffic = new Traffic(database, 1, "vacuum t")) {
			assertThat(migrate(database, LIMITED).applied()).containsExactly("1");
			assertThat(traffic.longest()).isGreaterThan(LIMITED.max().multipliedBy(2));
			assertThat(database.jdbc()
				.queryForObject("select indisvalid from pg_index where indexrelid = 'i'::regclass", Boolean.class))
				.isTrue();
		}
	}

	@Test
	void leavesAppliedWhatWasSentBeforeTheOneThatBlocks(CapturedOutput output) {
		for (int number = 1; number <= 5; number++) {
			folder().add(number + "_small.sql", "create table small" + number + " (a integer);");
		}
		folder().add("6_blocks.sql",
				"alter table t add column b integer;\ninsert into other select slow(i) from generate_series(1, 4000) i;");
		folder().add("7_behind.sql", "create table behind (a integer);");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED);
				Traffic traffic = new Traffic(database, 2, READ)) {
			assertThat(blown(database)).hasMessageContaining("Migration 6_blocks.sql failed at statement 2 of 2");
			assertThat(traffic.longest()).isLessThan(SOON);
			assertThat(database.versions()).containsExactly("1", "2", "3", "4", "5");
			assertThat(columns(database)).isEqualTo(2);
			assertThat(database.jdbc()
				.queryForList("""
						select relname from pg_class where relname like 'small%' or relname = 'behind' order by 1""",
						String.class))
				.containsExactly("small1", "small2", "small3", "small4", "small5");
			assertThat(output.getOut().split("Applied 5_small.sql")).hasSize(2);
		}
	}

	@Test
	void restsForFiveMinutesUnlessTheFileIsChanged() {
		folder().add("1_alter.sql", "alter table t add column b integer;\nselect pg_sleep(2);");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED)) {
			try (Traffic traffic = new Traffic(database, 1, READ)) {
				blown(database);
				assertThat(traffic.failures()).isEmpty();
			}
			assertThatExceptionOfType(TrafficBlockedException.class).isThrownBy(() -> migrate(database, LIMITED))
				.satisfies((refused) -> {
					assertThat(refused.getDescription()).contains("Migration 1_alter.sql was given up by ",
							"Blocked traffic: it kept 1 session waiting, for ", "nothing was applied in this run");
					assertThat(refused.getSummary()).doesNotContain("pg_sleep", "canceling");
				});
			String moved = "update schema_migrations_journal set finished_at = finished_at - interval '%d seconds'";
			database.execute(moved.formatted(280));
			assertThatExceptionOfType(TrafficBlockedException.class).isThrownBy(() -> migrate(database, LIMITED));
			database.execute(moved.formatted(30));
			assertThat(migrate(database, LIMITED).applied()).containsExactly("1");
		}
	}

	@Test
	void startsAtOnceWhenTheFileIsChangedOrNothingLimited() {
		folder().add("1_alter.sql", "alter table t add column b integer;\nselect pg_sleep(2);");
		for (Supplier<BlockingSettings> settings : List.<Supplier<BlockingSettings>>of(() -> {
			folder().add("1_alter.sql", "alter table t add column b integer;");
			return LIMITED;
		}, BlockingSettings::defaults)) {
			try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED)) {
				folder().add("1_alter.sql", "alter table t add column b integer;\nselect pg_sleep(2);");
				try (Traffic traffic = new Traffic(database, 1, READ)) {
					blown(database);
					assertThat(traffic.failures()).isEmpty();
				}
				assertThat(migrate(database, settings.get()).applied()).containsExactly("1");
			}
		}
	}

	@Test
	void reportsAndGoesOnWithoutALimit(CapturedOutput output) {
		folder().add("1_alter.sql", "alter table t add column b integer;\nselect pg_sleep(4);");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED);
				Traffic traffic = new Traffic(database, 3, READ)) {
			Migrator migrator = migrator(database, BlockingSettings.defaults());
			CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator::migrate);
			Awaitility.await("seen in the status").atMost(PATIENCE).until(() -> {
				Running running = migrator.status().running();
				return run.isDone()
						|| (running != null && running.blocking() != null && running.blocking().sessions() == 3
								&& running.blocking().longest().compareTo(Duration.ofSeconds(1)) > 0);
			});
			assertThat(run).isNotDone();
			assertThat(get(run).applied()).containsExactly("1");
			assertThat(output).contains("Migration 1_alter.sql keeps 3 sessions waiting, the first for ",
					"(orders, waits for AccessShareLock on t)");
			assertThat(output).doesNotContain("max-blocking");
			assertThat(traffic.longest()).isGreaterThan(Duration.ofSeconds(3));
		}
	}

	@Test
	void endsWhatBlocksBehindAPooler() {
		folder().add("1_alter.sql", "alter table t add column b integer;\nselect pg_sleep(40);");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED);
				PgBouncer pooler = PgBouncer.start(database);
				Traffic traffic = new Traffic(database, 1, READ)) {
			assertThat(blown(pooler.through(database)))
				.hasMessageContaining("It was cancelled because it kept 1 session");
			assertThat(traffic.longest()).isLessThan(SOON);
			assertThat(columns(database)).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SQLITE", "H2" })
	void saysThatADatabaseLetsNobodyBeSeen(TestServer server, CapturedOutput output) {
		folder().add("1_table.sql", "create table first (a integer);");
		try (TestDatabase database = server.create()) {
			assertThat(migrate(database, LIMITED).applied()).containsExactly("1");
			assertThat(output)
				.contains("migrate.statement.max-blocking has no effect: this database lets nobody see it");
		}
	}

	@Test
	void saysThatThereIsNoSecondConnection(CapturedOutput output) {
		folder().add("1_alter.sql", "alter table t add column b integer;\nselect pg_sleep(3);");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED);
				Traffic traffic = new Traffic(database, 1, READ)) {
			Migrator migrator = new Migrator(folder().source(), onlyBorrowed(database),
					MigratorSettings.defaults(Instance.current("fuse"))
						.withStatement(StatementSettings.defaults().withBlocking(LIMITED)));
			assertThat(get(CompletableFuture.supplyAsync(migrator::migrate)).applied()).containsExactly("1");
			assertThat(output.getOut().split("has no effect: no second connection can be opened")).hasSize(2);
			assertThat(traffic.failures()).isEmpty();
		}
	}

	private static MigrationConnections onlyBorrowed(TestDatabase database) {
		return new MigrationConnections() {

			@Override
			public Connection borrow() {
				return database.connect();
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) {
				return Optional.empty();
			}

		};
	}

	/**
	 * As dbmate's command line does.
	 */
	@Test
	void whoWaitsAtTheHistoryIsNoVictim() throws SQLException {
		folder().add("0_history.sql", "");
		try (TestDatabase database = create(TestServer.POSTGRES_EMBEDDED); Connection other = database.connect()) {
			migrate(database, LIMITED);
			folder().add("1_long.sql", "select pg_sleep(4);");
			CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(() -> migrate(database, LIMITED));
			Awaitility.await("it has recorded itself")
				.atMost(PATIENCE)
				.until(() -> run.isDone() || database.jdbc()
					.queryForObject("select count(*) from pg_locks where relation = 'schema_migrations'::regclass"
							+ " and mode = 'RowExclusiveLock'", Integer.class) > 0);
			CompletableFuture<Void> dbmate = CompletableFuture.runAsync(() -> insert(other));
			assertThat(get(run).applied()).containsExactly("1");
			assertThat(dbmate).failsWithin(PATIENCE);
		}
	}

	private static void insert(Connection connection) {
		try (Statement statement = connection.createStatement()) {
			statement.execute("insert into schema_migrations (version) values ('1')");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
