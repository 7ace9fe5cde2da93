package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.failure.OutOfOrderMigrationException;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.CountingProxy;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Migrating PostgreSQL through a real PgBouncer in transaction mode; skipped where there
 * is none.
 */
class PooledMigratorTests {

	private static final Instance INSTANCE = new Instance("web-1", 17, "orders");

	@TempDir
	private Path directory;

	private MigrationFolder folder;

	private TestDatabase database;

	private @Nullable PgBouncer pgBouncer;

	@BeforeEach
	void createDatabase() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		this.folder = new MigrationFolder(this.directory);
	}

	@AfterEach
	void dropDatabase() {
		if (this.pgBouncer != null) {
			this.pgBouncer.close();
		}
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 4, 8 })
	void replicasApplyEachMigrationOnce(int replicas) {
		TestDatabase pooled = pooled();
		int migrations = 20;
		this.folder.add("0001_effects.sql",
				"CREATE TABLE effects (migration integer NOT NULL);\nINSERT INTO effects VALUES (1);");
		for (int number = 2; number <= migrations; number++) {
			String name = "%04d_effect.sql".formatted(number);
			String insert = "INSERT INTO effects VALUES (" + number + ");";
			switch (number % 4) {
				case 0 -> this.folder.add(name, insert);
				case 1 -> this.folder.add(name, "CREATE TABLE t" + number + " (a integer);\n" + insert);
				case 2 -> this.folder.addWithoutTransaction(name, insert + "\nselect pg_sleep(0.2);");
				default -> this.folder.addWithoutTransaction(name,
						"create index concurrently i" + number + " on effects (migration);\n" + insert);
			}
		}
		List<ChildJvm> processes = new ArrayList<>();
		try {
			for (int number = 1; number <= replicas; number++) {
				processes.add(MigrateProcess.start(pooled, this.folder, "replica-" + number));
			}
			for (ChildJvm process : processes) {
				int exit = process.awaitExit(Duration.ofMinutes(2));
				assertThat(exit).as(process::output).isZero();
			}
		}
		finally {
			processes.forEach(ChildJvm::close);
		}
		assertThat(this.database.versions())
			.containsExactlyElementsOf(IntStream.rangeClosed(1, migrations).mapToObj("%04d"::formatted).toList());
		assertThat(this.database.jdbc().queryForList("select migration from effects order by 1", Integer.class))
			.containsExactlyElementsOf(IntStream.rangeClosed(1, migrations).boxed().toList());
		assertThat(this.database.jdbc().queryForList("select 1 from pg_index where not indisvalid")).isEmpty();
		assertThat(locks()).isZero();
	}

	@Test
	void oneConnectionIsEnoughForMigrationsWithATransaction() throws Exception {
		TestDatabase pooled = pooled("default_pool_size = 1");
		this.folder.add("0001_a.sql", "create table a (id int);").add("0002_b.sql", "insert into a values (2);");
		List<MigrationReport> reports = inParallel(3, () -> migrator(pooled).migrate());
		assertThat(reports.stream().flatMap((report) -> report.applied().stream()).sorted()).containsExactly("0001",
				"0002");
		assertThat(this.database.jdbc().queryForList("select id from a", Integer.class)).containsExactly(2);
	}

	@Test
	void saysThatOneConnectionIsNotEnoughWithoutATransaction() {
		TestDatabase pooled = pooled("default_pool_size = 1");
		this.folder.add("0001_a.sql", "create table a (id int);")
			.addWithoutTransaction("0002_b.sql", "create index concurrently i on a (id);");
		assertThatExceptionOfType(DatabaseAccessException.class).isThrownBy(() -> migrator(pooled).migrate())
			.satisfies((ex) -> {
				assertThat(ex.getDescription()).contains("no second connection to the server within 10 s");
				assertThat(ex.getAction()).contains("pool_size");
			});
		assertThat(this.database.versions()).containsExactly("0001");
		assertThat(this.database.jdbc().queryForList("select version from schema_migrations_journal", String.class))
			.containsExactly("0001");
	}

	@Test
	void rollsBackInATransactionAndInParts() {
		TestDatabase pooled = pooled();
		this.folder.addRaw("0001_a.sql", "-- migrate:up\ncreate table a (id int);\n-- migrate:down\ndrop table a;\n")
			.addRaw("0002_b.sql", "-- migrate:up transaction:false\ncreate index concurrently i on a (id);\n"
					+ "-- migrate:down transaction:false\ndrop index concurrently i;\ndrop table nowhere;\n");
		migrator(pooled).migrate();
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrator(pooled).rollBack());
		assertThat(this.database.versions()).containsExactly("0001");
		this.folder.addRaw("0002_b.sql", "-- migrate:up transaction:false\ncreate index concurrently i on a (id);\n"
				+ "-- migrate:down transaction:false\ndrop index concurrently i;\n");
		assertThat(migrator(pooled).rollBack().rolledBack()).containsExactly("0002");
		assertThat(migrator(pooled).rollBack().rolledBack()).containsExactly("0001");
		assertThat(this.database.versions()).isEmpty();
		assertThat(locks()).isZero();
		assertThat(migrator(pooled).migrate().applied()).containsExactly("0001", "0002");
	}

	@Test
	void directAndPooledInstancesTakeTurns() throws Exception {
		TestDatabase pooled = pooled();
		this.folder.add("0001_a.sql", "create table a (id int);\nselect pg_sleep(0.5);")
			.addWithoutTransaction("0002_b.sql", "insert into a values (2);\nselect pg_sleep(0.5);")
			.add("0003_c.sql", "insert into a values (3);");
		List<TestDatabase> ways = List.of(pooled, this.database, pooled, this.database);
		List<Migrator> migrators = ways.stream().map(this::migrator).collect(Collectors.toCollection(ArrayList::new));
		List<MigrationReport> reports = inParallel(4, () -> next(migrators).migrate());
		assertThat(reports.stream().flatMap((report) -> report.applied().stream()).sorted()).containsExactly("0001",
				"0002", "0003");
		assertThat(this.database.jdbc().queryForList("select id from a order by 1", Integer.class)).containsExactly(2,
				3);
	}

	@Test
	void lockIsFreeWhenTheHolderIsKilledInItsTransaction() {
		TestDatabase pooled = pooled();
		this.database.execute("create table pause (seconds int)", "insert into pause values (60)");
		this.folder.add("0001_a.sql",
				"create table a (id int);\ninsert into a values (1);\n" + "select pg_sleep(seconds) from pause;");
		try (ChildJvm holder = MigrateProcess.start(pooled, this.folder, "holder")) {
			awaitRunning("pg_sleep(seconds)");
			assertThat(locks()).isOne();
			holder.kill();
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> locks() == 0);
		assertThat(this.database.versions()).isEmpty();
		this.database.execute("update pause set seconds = 0");
		assertThat(migrator(pooled).migrate().applied()).containsExactly("0001");
		assertThat(this.database.jdbc().queryForList("select id from a", Integer.class)).containsExactly(1);
	}

	@Test
	void lockIsFreeWhenTheHolderIsKilledOutsideATransaction() {
		TestDatabase pooled = pooled();
		this.database.execute("create table pause (seconds int)", "insert into pause values (10)");
		this.folder.add("0001_a.sql", "create table a (id int);")
			.addWithoutTransaction("0002_b.sql",
					"insert into a values (1);\ninsert into a select 2 from pause where pg_sleep(seconds) is not null;");
		try (ChildJvm holder = MigrateProcess.start(pooled, this.folder, "holder")) {
			awaitRunning("insert into a select 2");
			assertThat(locks()).isOne();
			holder.kill();
		}
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> locks() == 0);
		// Whether the statement will have taken effect is not known, and nobody guesses.
		assertThatExceptionOfType(HalfAppliedMigrationException.class).isThrownBy(() -> migrator(pooled).migrate())
			.withMessageContaining("Statement 2 (line 3 today) started at")
			.withMessageContaining("was cut off");
		assertThat(this.database.versions()).containsExactly("0001");
	}

	@Test
	void nothingIsRecordedOnceThePinnedLockIsLost() {
		TestDatabase pooled = pooled();
		this.folder.add("0001_a.sql", "create table a (id int);")
			.addWithoutTransaction("0002_b.sql",
					"insert into a values (1);\nselect pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory';"
							+ "\ninsert into a values (3);");
		assertThatExceptionOfType(LockLostException.class).isThrownBy(() -> migrator(pooled).migrate());
		assertThat(this.database.versions()).containsExactly("0001");
		assertThat(this.database.jdbc().queryForList("select id from a", Integer.class)).containsExactly(1);
	}

	@Test
	void holderOutlivesTheServersLimitOnIdleTransactions() {
		this.database
			.execute("alter database " + this.database.name() + " set idle_in_transaction_session_timeout = '2s'");
		this.folder.addWithoutTransaction("0001_a.sql", "create table a (id int);\nselect pg_sleep(6);");
		assertThat(migrator(pooled()).migrate().applied()).containsExactly("0001");
	}

	@Test
	void settingsOfAMigrationDoNotLeakToOtherClients() throws SQLException {
		TestDatabase pooled = pooled("default_pool_size = 1", "connect_query = 'set work_mem = 12345'");
		String user = this.database.createUserWithoutRights();
		this.folder
			.add("0001_a.sql",
					"create schema s;\ngrant all on schema s to " + user + ";\nset search_path = s;\n"
							+ "set statement_timeout = '7s';\nset time zone 'Asia/Tokyo';\nset work_mem = '9MB';\n"
							+ "set role " + user + ";\ncreate table a (id int);")
			.add("0002_b.sql", "create table b as select current_user::text as u, current_setting('search_path') as p;")
			.add("0003_c.sql", "reset work_mem;\nreset time zone;");
		try (Connection client = pooled
			.connect(Map.of("prepareThreshold", "0", "ApplicationName", "client", "assumeMinServerVersion", "9.0"))) {
			JdbcTemplate jdbc = new JdbcTemplate(new SingleConnectionDataSource(client, true));
			Map<String, String> before = settings(jdbc);
			assertThat(before).containsEntry("work_mem", "12345");
			assertThat(migrator(pooled).migrate().applied()).hasSize(3);
			Map<String, String> after = settings(jdbc);
			assertThat(after).isEqualTo(before);
			assertThat(jdbc.queryForObject("select current_setting('role')", String.class)).isEqualTo("none");
			assertThat(jdbc.queryForObject("select tableowner from pg_tables where tablename = 'a'", String.class))
				.isEqualTo(user);
			assertThat(jdbc.queryForMap("select u, p from b")).containsEntry("u", this.database.user())
				.containsEntry("p", "\"$user\", public");
		}
	}

	@Test
	void ownSettingsHoldInTheTransactionAndDoNotLeak() throws SQLException {
		this.database.execute("alter database " + this.database.name() + " set statement_timeout = '11s'",
				"alter database " + this.database.name() + " set lock_timeout = '12s'");
		TestDatabase pooled = pooled("default_pool_size = 1");
		this.folder.add("0001_a.sql", """
				create table a as select current_setting(s) as v from unnest(array['statement_timeout', 'lock_timeout',
				'client_connection_check_interval', 'idle_in_transaction_session_timeout', 'application_name']) s;""");
		assertThat(migrator(pooled).migrate().applied()).containsExactly("0001");
		assertThat(this.database.jdbc().queryForList("select v from a", String.class)).containsExactly("0", "5s", "1s",
				"30s", INSTANCE.label());
		try (Connection client = pooled.connect()) {
			JdbcTemplate jdbc = new JdbcTemplate(new SingleConnectionDataSource(client, true));
			assertThat(settings(jdbc)).containsEntry("statement_timeout", "11000")
				.containsEntry("lock_timeout", "12000")
				.containsEntry("client_connection_check_interval", "0")
				.containsEntry("idle_in_transaction_session_timeout", "0")
				.doesNotContainEntry("application_name", INSTANCE.label());
		}
	}

	@Test
	void migrationThatGivesWayTakesTheLockAnew() throws Exception {
		TestDatabase pooled = pooled();
		this.database.execute("create table t (a int)");
		Migrator migrator = new Migrator(this.folder.source(), pooled.connections(), MigratorSettings.defaults(INSTANCE)
			.withStatement(StatementSettings.defaults().withLockTimeout(Duration.ofMillis(200)).withRetries(1000)));
		// The lock under which the tables are created is not the one that is looked for.
		this.folder.add("0000_history.sql", "");
		migrator.migrate();
		this.folder.add("0001_a.sql", "insert into t values (1);\nalter table t add column b int;");
		try (Connection blocker = this.database.connect()) {
			JdbcTemplate jdbc = new JdbcTemplate(new SingleConnectionDataSource(blocker, true));
			blocker.setAutoCommit(false);
			jdbc.execute("select a from t");
			CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator::migrate);
			Awaitility.await().until(() -> locks() == 1);
			Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> locks() == 0);
			blocker.rollback();
			MigrationReport report = run.get(60, TimeUnit.SECONDS);
			assertThat(report.applied()).containsExactly("0001");
			assertThat(report.retries()).isPositive();
		}
		assertThat(this.database.jdbc().queryForList("select a from t", Integer.class)).containsExactly(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "set lock_timeout = '5s';", "select set_config('work_mem', '9MB', false);", "reset all;",
			"discard temp;", "listen x;", "prepare p as select 1;", "create temporary table t (a int);",
			"begin;\nset work_mem = '9MB';\ncommit;" })
	void refusesToChangeTheSessionOutsideATransaction(String sql) {
		this.folder.add("0001_a.sql", "create table a (id int);")
			.addWithoutTransaction("0002_b.sql", "select 1;\n" + sql);
		assertThatExceptionOfType(UnsupportedDatabaseException.class).isThrownBy(() -> migrator(pooled()).migrate())
			.satisfies((ex) -> {
				assertThat(ex.getDescription()).contains("0002_b.sql changes the session outside a transaction",
						sql.startsWith("begin") ? "line 4" : "line 3");
				assertThat(ex.getAction()).contains("connect directly to the server");
			});
		assertThat(this.database.jdbc().queryForList("select 1 from pg_tables where schemaname = 'public'")).isEmpty();
		assertThat(migrator(this.database).migrate().applied()).containsExactly("0001", "0002");
	}

	@Test
	void settingsOfTheTransactionComeFirst() {
		TestDatabase pooled = pooled();
		this.folder.add("0001_a.sql",
				"set transaction isolation level serializable;\ncreate table a as select current_setting('transaction_isolation') as v;");
		assertThat(migrator(pooled).migrate().applied()).containsExactly("0001");
		assertThat(this.database.jdbc().queryForObject("select v from a", String.class)).isEqualTo("serializable");
		this.folder.add("0002_b.sql",
				"set transaction isolation level serializable;\nset transaction snapshot 'nonsense';\nselect 1;");
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrator(pooled).migrate())
			.withMessageContaining("failed at statement 2 of 3, line 3");
	}

	@Test
	void failureIsExplainedJournalledAndMended() {
		TestDatabase pooled = pooled();
		this.folder.add("0001_a.sql", "create table a (id int);")
			.add("0002_b.sql", "insert into a values (1);\nselect 1/0;");
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrator(pooled).migrate())
			.withMessageContaining("0002_b.sql failed at statement 2 of 2, line 3")
			.withMessageContaining("Applied before it in this run and recorded: 0001");
		assertThat(this.database.jdbc()
			.queryForObject("select state from schema_migrations_journal where version = '0002'", String.class))
			.isEqualTo("failed");
		assertThat(locks()).isZero();
		this.folder.add("0002_b.sql", "insert into a values (1);");
		assertThat(migrator(pooled).migrate().applied()).containsExactly("0002");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void failedMigrationGoesOnWhereItWasLeft(boolean transactional) {
		TestDatabase pooled = pooled();
		this.folder.add("0001_a.sql", "create table a (id int);")
			.addWithoutTransaction("0002_b.sql", "insert into a values (1);\nselect 1/0;\ninsert into a values (3);");
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrator(pooled).migrate());
		assertThat(locks()).isZero();
		String fixed = "insert into a values (1);\ninsert into a values (2);\ninsert into a values (3);";
		if (transactional) {
			this.folder.add("0002_b.sql", fixed);
		}
		else {
			this.folder.addWithoutTransaction("0002_b.sql", fixed);
		}
		assertThat(migrator(pooled).migrate().applied()).containsExactly("0002");
		assertThat(this.database.jdbc().queryForList("select id from a order by 1", Integer.class)).containsExactly(1,
				2, 3);
	}

	@Test
	void strictIsJudgedWhenTheTurnHasCome() {
		TestDatabase pooled = pooled();
		this.folder.add("0001_a.sql", "create table a (id int);");
		migrator(pooled).migrate();
		this.folder.add("0002_b.sql", "insert into a values (2);").add("0003_c.sql", "insert into a values (3);");
		Migrator migrator = new Migrator(this.folder.source(),
				before(pooled, 1, () -> this.database.execute("insert into schema_migrations values ('0003')")),
				settings(true, null, LockChoice.AUTO));
		assertThatExceptionOfType(OutOfOrderMigrationException.class).isThrownBy(migrator::migrate)
			.withMessageContaining("0002_b.sql is pending although 0003");
		assertThat(this.database.jdbc().queryForList("select id from a")).isEmpty();
	}

	@Test
	void leavesWhatOthersHaveAppliedSinceItLooked() {
		TestDatabase pooled = pooled();
		this.folder.add("0001_a.sql", "create table a (id int);");
		migrator(pooled).migrate();
		this.folder.addWithoutTransaction("0002_b.sql", "insert into a values (2);")
			.add("0003_c.sql", "insert into a values (3);");
		int theOneForTheLock = 2;
		MigrationConnections connections = before(pooled, theOneForTheLock, () -> migrator(pooled).migrate());
		assertThat(new Migrator(this.folder.source(), connections, MigratorSettings.defaults(INSTANCE)).migrate()
			.applied()).isEmpty();
		assertThat(this.database.jdbc().queryForList("select id from a order by id", Integer.class)).containsExactly(2,
				3);
	}

	@Test
	void baselineIsRecordedOnceByManyInstances() throws Exception {
		TestDatabase pooled = pooled();
		this.folder.add("0001_a.sql", "select 1/0;")
			.add("0002_b.sql", "select 1/0;")
			.add("0003_c.sql", "create table c (id int);");
		MigratorSettings settings = settings(false, "0002", LockChoice.AUTO);
		List<MigrationReport> reports = inParallel(4,
				() -> new Migrator(this.folder.source(), pooled.connections(), settings).migrate());
		assertThat(reports.stream().flatMap((report) -> report.baselined().stream()).sorted()).containsExactly("0001",
				"0002");
		assertThat(reports.stream().flatMap((report) -> report.applied().stream())).containsExactly("0003");
	}

	@Test
	void pinnedCanBeChosenOnADirectConnection() throws Exception {
		this.folder.add("0001_a.sql", "create table a (id int);\nset search_path = nowhere;")
			.addWithoutTransaction("0002_b.sql", "set work_mem = '9MB';\ncreate index concurrently i on a (id);")
			.add("0003_c.sql", "insert into a values (3);");
		MigratorSettings settings = settings(false, null, LockChoice.PINNED);
		List<MigrationReport> reports = inParallel(4,
				() -> new Migrator(this.folder.source(), this.database.connections(), settings).migrate());
		assertThat(reports.stream().flatMap((report) -> report.applied().stream()).sorted()).containsExactly("0001",
				"0002", "0003");
		assertThat(this.database.jdbc().queryForList("select id from a", Integer.class)).containsExactly(3);
	}

	@Test
	void worksWithoutALockIfThatIsAskedFor() {
		this.folder.add("0001_a.sql", "create table a (id int);\nset search_path = nowhere;")
			.addWithoutTransaction("0002_b.sql", "create index concurrently i on a (id);")
			.add("0003_c.sql", "insert into a values (3);");
		TestDatabase pooled = pooled("default_pool_size = 1");
		assertThat(new Migrator(this.folder.source(), pooled.connections(), settings(false, null, LockChoice.NONE))
			.migrate()
			.applied()).containsExactly("0001", "0002", "0003");
	}

	@Test
	void aMigrationCostsFourRoundTrips() {
		TestDatabase pooled = pooled();
		for (int number = 1; number <= 21; number++) {
			this.folder.add("%04d_t.sql".formatted(number), "create table t" + number + " (a int);\nselect 1;");
			if (number == 1) {
				migrator(pooled).migrate();
			}
		}
		try (CountingProxy proxy = CountingProxy.to(pooled.url())) {
			String url = proxy.url(pooled.url());
			MigrationConnections connections = new MigrationConnections() {

				@Override
				public Connection borrow() throws SQLException {
					return pooled.connect();
				}

				@Override
				public Optional<Connection> open(Map<String, String> driverProperties) {
					Connection connection = pooled.at(url).connect(driverProperties);
					proxy.reset();
					return Optional.of(connection);
				}

			};
			assertThat(new Migrator(this.folder.source(), connections, MigratorSettings.defaults(INSTANCE)).migrate()
				.applied()).hasSize(20);
			assertThat(proxy.roundTrips()).isLessThanOrEqualTo(20 * 4 + 8);
		}
	}

	private static synchronized Migrator next(List<Migrator> migrators) {
		return migrators.remove(0);
	}

	private static <T> List<T> inParallel(int threads, Callable<T> task) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<T>> futures = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				futures.add(executor.submit(task));
			}
			List<T> results = new ArrayList<>();
			for (Future<T> future : futures) {
				results.add(future.get(60, TimeUnit.SECONDS));
			}
			return results;
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static Map<String, String> settings(JdbcTemplate jdbc) {
		Map<String, String> settings = new TreeMap<>();
		jdbc.query("select name, setting from pg_settings where name not like 'transaction%'",
				(RowCallbackHandler) (row) -> settings.put(row.getString(1), row.getString(2)));
		return settings;
	}

	private TestDatabase pooled(String... settings) {
		if (this.pgBouncer == null) {
			this.pgBouncer = PgBouncer.start(this.database, settings);
		}
		return this.pgBouncer.through(this.database);
	}

	private Migrator migrator(TestDatabase way) {
		return new Migrator(this.folder.source(), way.connections(), MigratorSettings.defaults(INSTANCE));
	}

	private static MigratorSettings settings(boolean strict, @Nullable String baseline, LockChoice choice) {
		LockSettings lock = LockSettings.defaults().withStrategy(choice).withTimeout(Duration.ofSeconds(30));
		return MigratorSettings.defaults(INSTANCE).withStrict(strict).withBaseline(baseline).withLock(lock);
	}

	/**
	 * Return connections, before one of which something happens.
	 */
	private static MigrationConnections before(TestDatabase way, int number, Runnable action) {
		MigrationConnections connections = way.connections();
		AtomicInteger opened = new AtomicInteger();
		return new MigrationConnections() {

			@Override
			public Connection borrow() throws SQLException {
				return connections.borrow();
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
				if (opened.incrementAndGet() == number) {
					action.run();
				}
				return connections.open(driverProperties);
			}

		};
	}

	private int locks() {
		return this.database.jdbc()
			.queryForObject("select count(*) from pg_locks where locktype = 'advisory' and database ="
					+ " (select oid from pg_database where datname = current_database())", Integer.class);
	}

	private void awaitRunning(String statement) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> !this.database.jdbc()
				.queryForList("select 1 from pg_stat_activity where state = 'active' and datname = current_database()"
						+ " and pid <> pg_backend_pid() and query like '%' || ? || '%'", statement)
				.isEmpty());
	}

}
