package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.status.MigrationListener;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.testing.CommitCuttingProxy;
import io.github.migrateboot.testing.CommitCuttingProxy.Moment;
import io.github.migrateboot.testing.CountingProxy;
import io.github.migrateboot.testing.HiddenDriver;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Small migrations that are sent to PostgreSQL together: whatever happens to one of them,
 * it is as if each had been sent when the one before it was done, which is how they are
 * run over connections that hide their driver.
 */
@ExtendWith(OutputCaptureExtension.class)
class PipelineTests {

	private static final int COUNT = 6;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private Path path;

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		prepare(this.database);
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	private static void prepare(TestDatabase database) {
		database.execute("create table t (a int)", "create table late (a int)",
				"create table parent (a int primary key)",
				"create table child (a int references parent deferrable initially deferred)",
				"create table refused (a int)",
				"create function refuse() returns trigger language plpgsql as"
						+ " $$ begin raise exception 'refused' using detail = 'by a trigger'; end $$",
				"create constraint trigger refuse after insert on refused deferrable initially deferred"
						+ " for each row execute function refuse()");
	}

	/**
	 * Add files, each of which inserts its number, and one of them more.
	 */
	private MigrationFolder folder(int position, String more) {
		MigrationFolder folder = new MigrationFolder(this.path);
		for (int number = 1; number <= COUNT; number++) {
			folder.add(number + "_f.sql", "create table t" + number + " (a int);\ninsert into t values (" + number
					+ ");\n" + ((number == position) ? more : ""));
		}
		return folder;
	}

	private MigrationFolder folder() {
		return folder(0, "");
	}

	private static MigratorSettings settings() {
		return MigratorSettings.defaults(Instance.current("pipeline"));
	}

	private Migrator migrator(MigrationConnections connections, StatementSettings statement, Recorder recorder) {
		Migrator migrator = new Migrator(new MigrationFolder(this.path).source(), connections,
				settings().withStatement(statement));
		migrator.addListener(recorder);
		return migrator;
	}

	private Migrator migrator(Recorder recorder) {
		return migrator(this.database.connections(), StatementSettings.defaults(), recorder);
	}

	private static List<Integer> rows(TestDatabase database) {
		return database.jdbc().queryForList("select a from t order by a", Integer.class);
	}

	private static List<String> numbers(int from, int to) {
		return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
	}

	private static List<Integer> integers(int from, int to) {
		return IntStream.rangeClosed(from, to).boxed().toList();
	}

	@Test
	void areSentTogether() {
		folder();
		try (CountingProxy proxy = CountingProxy.to(this.database.url())) {
			TestDatabase counted = this.database.at(proxy.url(this.database.url()));
			migrator(counted.connections(), StatementSettings.defaults(), new Recorder()).migrate();
			int together = proxy.roundTrips();
			for (int number = COUNT + 1; number <= 2 * COUNT; number++) {
				new MigrationFolder(this.path).add(number + "_f.sql", "create table t" + number + " (a int);");
			}
			proxy.reset();
			migrator(new HiddenDriver(counted.connections()), StatementSettings.defaults(), new Recorder()).migrate();
			assertThat(proxy.roundTrips()).isGreaterThan(together + COUNT);
		}
		assertThat(this.database.versions()).hasSize(2 * COUNT);
	}

	@Test
	void areToldOneByOne(CapturedOutput output) {
		folder();
		Recorder recorder = new Recorder();
		assertThat(migrator(recorder).migrate().applied()).isEqualTo(numbers(1, COUNT));
		assertThat(recorder.news).isEqualTo(
				numbers(1, COUNT).stream().flatMap((each) -> Stream.of("started " + each, "APPLIED " + each)).toList());
		for (int number = 1; number <= COUNT; number++) {
			assertThat(output).contains("Applied " + number + "_f.sql (migration " + number + " of 6) in ");
		}
		assertThat(this.database.jdbc()
			.queryForObject("select count(*) from schema_migrations_journal where state = 'applied'"
					+ " and statements_done = 2 and duration_ms is not null", Integer.class))
			.isEqualTo(COUNT);
		assertThat(this.database.jdbc().queryForObject("select count(distinct xmin::text) from t", Integer.class))
			.isEqualTo(COUNT);
	}

	static Stream<Arguments> flaws() {
		return Stream.of(Flaw.values())
			.flatMap((flaw) -> IntStream.rangeClosed(1, COUNT).mapToObj((position) -> Arguments.of(flaw, position)));
	}

	@ParameterizedTest
	@MethodSource("flaws")
	void failureIsThatOfItsMigration(Flaw flaw, int position) {
		folder(position, flaw.sql);
		Seen together = seen(this.database, this.database.connections());
		Seen plain;
		try (TestDatabase other = TestServer.POSTGRES_EMBEDDED.create()) {
			prepare(other);
			plain = seen(other, new HiddenDriver(other.connections()));
		}
		assertThat(together).isEqualTo(plain);
		assertThat(together.versions()).isEqualTo(numbers(1, position - 1));
		assertThat(together.rows()).isEqualTo(integers(1, position - 1));
		assertThat(together.news()).endsWith("started " + position, "FAILED " + position);
		folder();
		assertThat(migrator(new Recorder()).migrate().applied()).isEqualTo(numbers(position, COUNT));
		assertThat(rows(this.database)).isEqualTo(integers(1, COUNT));
	}

	/**
	 * In one of the driver's modes the server would go on with what comes after the
	 * transaction that has failed.
	 */
	@ParameterizedTest
	@ValueSource(
			strings = { "preferQueryMode=simple", "preferQueryMode=extended", "preferQueryMode=extendedForPrepared",
					"preferQueryMode=extendedCacheEverything", "autosave=always", "reWriteBatchedInserts=true",
					"defaultRowFetchSize=2", "prepareThreshold=1", "binaryTransfer=false", "readOnlyMode=ignore" })
	void failureLetsNoneOfTheLaterOnesThroughWhateverTheUrlSays(String parameter) {
		folder(3, Flaw.STATEMENT.sql);
		String url = this.database.url() + (this.database.url().contains("?") ? "&" : "?") + parameter;
		Recorder recorder = new Recorder();
		assertThatExceptionOfType(MigrationFailedException.class)
			.isThrownBy(migrator(this.database.at(url).connections(), StatementSettings.defaults(), recorder)::migrate)
			.withMessageContaining("Migration 3_f.sql failed at statement 3 of 3, line 4 of ");
		assertThat(this.database.versions()).isEqualTo(numbers(1, 2));
		assertThat(rows(this.database)).isEqualTo(integers(1, 2));
		assertThat(recorder.news).endsWith("APPLIED 2", "started 3", "FAILED 3");
	}

	private Seen seen(TestDatabase database, MigrationConnections connections) {
		Recorder recorder = new Recorder();
		Migrator migrator = migrator(connections, StatementSettings.defaults(), recorder);
		MigrationException failure = catchThrowableOfType(MigrationException.class, migrator::migrate);
		return new Seen(failure.getClass(), failure.getDescription(), failure.getAction(), recorder.news,
				database.versions(), rows(database),
				database.jdbc()
					.queryForList("select version, name, checksum, state, statements_done, statement, statements, error"
							+ " from schema_migrations_journal order by version"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, COUNT })
	void lockTimeoutIsTriedAgain(int position, CapturedOutput output) throws Exception {
		folder(position, "alter table late add column b int;");
		Recorder recorder = new Recorder();
		Migrator migrator = migrator(this.database.connections(),
				StatementSettings.defaults().withLockTimeout(Duration.ofMillis(300)).withRetries(100), recorder);
		try (Connection blocker = open("select a from late")) {
			CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator::migrate);
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> run.isDone() || output.getOut().contains("(retry 1 of 100)"));
			assertThat(this.database.versions()).isEqualTo(numbers(1, position - 1));
			blocker.rollback();
			MigrationReport report = run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			assertThat(report.applied()).isEqualTo(numbers(1, COUNT));
			assertThat(report.retries()).isPositive();
			assertThat(output).contains(position + "_f.sql: lock timeout after 0.3 s");
			assertThat(recorder.news).containsSubsequence("started " + position, "retried " + position,
					"APPLIED " + position);
		}
		assertThat(rows(this.database)).isEqualTo(integers(1, COUNT));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, COUNT })
	void lockTimeoutCountsAsATry(int position) throws SQLException {
		folder(position, "alter table late add column b int;");
		Recorder recorder = new Recorder();
		Migrator migrator = migrator(this.database.connections(),
				StatementSettings.defaults().withLockTimeout(Duration.ofMillis(300)).withRetries(1), recorder);
		try (Connection blocker = open("select a from late")) {
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::migrate)
				.withMessageContaining("It was tried 2 times in ")
				.withMessageContaining("statement 3 of 3, line 4 of ");
			assertThat(blocker.isClosed()).isFalse();
		}
		assertThat(recorder.news).containsOnlyOnce("started " + position, "retried " + position, "FAILED " + position);
		assertThat(this.database.versions()).isEqualTo(numbers(1, position - 1));
	}

	private Connection open(String sql) throws SQLException {
		Connection connection = this.database.connect();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
		return connection;
	}

	@Test
	void deadlockIsTriedAgain() throws Exception {
		this.database.execute("create table d (a int, b int)", "insert into d values (1, 0), (2, 0)");
		folder(3, "update d set b = b + 1 where a = 1;\nupdate d set b = b + 1 where a = 2;");
		Recorder recorder = new Recorder();
		try (Connection other = open("set local deadlock_timeout = '30s'");
				Statement statement = other.createStatement()) {
			statement.execute("update d set b = b + 1 where a = 2");
			CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator(recorder)::migrate);
			awaitWaiting(1);
			statement.execute("update d set b = b + 1 where a = 1");
			other.commit();
			assertThat(run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).retries()).isEqualTo(1);
		}
		assertThat(recorder.news).containsOnlyOnce("retried 3");
		assertThat(rows(this.database)).isEqualTo(integers(1, COUNT));
		assertThat(this.database.jdbc().queryForList("select b from d", Integer.class)).containsExactly(2, 2);
	}

	private void awaitWaiting(int sessions) {
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> this.database.jdbc()
				.queryForObject("select count(*) from pg_stat_activity where datname = current_database()"
						+ " and wait_event_type = 'Lock'", Integer.class) == sessions);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, COUNT })
	void anyOfThemMayBeAppliedByOthers(int position) throws Exception {
		new MigrationFolder(this.path).add("0_first.sql", "");
		migrator(new Recorder()).migrate();
		folder();
		Recorder recorder = new Recorder();
		try (Connection other = open("insert into schema_migrations values ('" + position + "')")) {
			CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator(recorder)::migrate);
			awaitWaiting(1);
			assertThat(this.database.versions()).isEqualTo(numbers(0, position - 1));
			other.commit();
			run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		List<Integer> expected = new ArrayList<>(integers(1, COUNT));
		expected.remove(Integer.valueOf(position));
		assertThat(rows(this.database)).isEqualTo(expected);
		assertThat(recorder.news).containsOnlyOnce("started " + position, "ELSEWHERE " + position)
			.filteredOn((news) -> news.startsWith("APPLIED"))
			.hasSize(COUNT - 1);
		assertThat(this.database.versions()).isEqualTo(numbers(0, COUNT));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, COUNT })
	void statusAndStopKnowWhichOneTheServerIsAt(int position) {
		folder(position, "insert into late select 1 from pg_sleep(3600);");
		Migrator migrator = migrator(new Recorder());
		CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator::migrate);
		awaitSleep();
		assertThat(migrator.status().running()).extracting(Running::version).isEqualTo(Integer.toString(position));
		assertThat(migrator.status().pending()).isEqualTo(COUNT - position + 1);
		migrator.stop(Duration.ZERO);
		assertThat(run).failsWithin(PATIENCE)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(InterruptedMigrationException.class)
			.withMessageContaining(position + "_f.sql")
			.withMessageContaining(
					"not applied: this one" + ((position < COUNT) ? " and " + (COUNT - position) + " after it." : "."));
		assertThat(this.database.versions()).isEqualTo(numbers(1, position - 1));
		assertThat(rows(this.database)).isEqualTo(integers(1, position - 1));
	}

	@Test
	void stopLetsTheOneFinishThatIsBeingExecuted() {
		folder(2, "insert into late select 1 from pg_sleep(1);");
		new MigrationFolder(this.path).add("3_f.sql", "insert into late select 1 from pg_sleep(3600);");
		Migrator migrator = migrator(new Recorder());
		CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator::migrate);
		awaitSleep();
		ElapsedTime time = new ElapsedTime();
		assertThat(migrator.stop(PATIENCE)).isTrue();
		assertThat(time.get()).isLessThan(PATIENCE.dividedBy(2));
		assertThat(run).failsWithin(PATIENCE)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(InterruptedMigrationException.class)
			.withMessageContaining("3_f.sql")
			.withMessageContaining("recorded: 1, 2; not applied: this one and 3 after it.");
		assertThat(this.database.versions()).isEqualTo(numbers(1, 2));
	}

	private void awaitSleep() {
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> this.database.jdbc()
				.queryForObject("select count(*) from pg_stat_activity where datname = current_database()"
						+ " and wait_event = 'PgSleep'", Integer.class) == 1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, COUNT })
	void sessionThatTheServerEndsIsToldWithTheStatement(int position) {
		folder(position, "insert into late select 1 where pg_terminate_backend(pg_backend_pid());");
		assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator(new Recorder())::migrate)
			.withMessageContaining("Migration " + position + "_f.sql failed at statement 3 of 3, line 4 of ")
			.withMessageContaining("57P01")
			.withMessageContaining("nothing of it has taken effect");
		assertThat(this.database.versions()).isEqualTo(numbers(1, position - 1));
		assertThat(rows(this.database)).isEqualTo(integers(1, position - 1));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, COUNT - 1 })
	void lostLockLetsNoneOfTheLaterOnesThrough(int position) {
		this.database.execute(
				"create function lose() returns trigger language plpgsql as"
						+ " 'begin perform pg_advisory_unlock_all(); return new; end'",
				"create trigger lose after insert on late for each row execute function lose()");
		folder(position, "insert into late values (1);");
		assertThatExceptionOfType(LockLostException.class).isThrownBy(migrator(new Recorder())::migrate)
			.withMessageContaining(position + "_f.sql");
		assertThat(this.database.versions()).isEqualTo(numbers(1, position - 1));
		assertThat(rows(this.database)).isEqualTo(integers(1, position - 1));
	}

	static Stream<Arguments> cuts() {
		return Stream.of(Moment.values())
			.flatMap((moment) -> IntStream.of(1, 3, COUNT).mapToObj((position) -> Arguments.of(moment, position)));
	}

	@ParameterizedTest
	@MethodSource("cuts")
	void lostConnectionLeavesToTheNextStartWhichWereApplied(Moment moment, int position) {
		folder();
		String mark = "insert into t values (" + position + ")";
		try (CommitCuttingProxy proxy = CommitCuttingProxy.to(this.database.url(), mark, moment)) {
			Migrator migrator = migrator(this.database.at(proxy.url(this.database.url())).connections(),
					StatementSettings.defaults(), new Recorder());
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::migrate)
				.withMessageContaining("The connection was lost while ")
				.withMessageContaining("not known yet: whether this one is applied")
				.satisfies((failure) -> assertThat(unknown(failure.getDescription())).isEqualTo(COUNT))
				.withMessageContaining("so the next start finds out");
			assertThat(proxy.hasCut()).isTrue();
		}
		// What the server has got it goes on with.
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> this.database.jdbc()
				.queryForObject(
						"select count(*) from pg_stat_activity where datname = current_database()"
								+ " and pid <> pg_backend_pid() and application_name like 'migrate%'",
						Integer.class) == 0);
		List<String> versions = this.database.versions();
		assertThat(versions).isEqualTo(numbers(1, versions.size()));
		if (moment == Moment.BEFORE_THE_COMMIT) {
			assertThat(versions).hasSizeLessThan(position);
		}
		else {
			assertThat(versions).isNotEmpty();
		}
		assertThat(migrator(new Recorder()).migrate().applied()).isEqualTo(numbers(versions.size() + 1, COUNT));
		assertThat(rows(this.database)).isEqualTo(integers(1, COUNT));
	}

	/**
	 * Return up to which migration it is said not to be known whether it is applied.
	 */
	private static int unknown(String description) {
		Matcher from = Pattern.compile("while (\\d)_f.sql (and (\\d) after it )?w").matcher(description);
		assertThat(from.find()).as(description).isTrue();
		return Integer.parseInt(from.group(1)) + ((from.group(3) != null) ? Integer.parseInt(from.group(3)) : 0);
	}

	@Test
	void floodOfATriggerBlocksNobody(CapturedOutput output) {
		this.database.execute(
				"create function flood() returns trigger language plpgsql as $$ begin"
						+ " for i in 1..20000 loop raise notice 'flood % %', i, repeat('x', 100); end loop;"
						+ " raise warning 'the end of the flood'; return new; end $$",
				"create trigger flood after insert on late for each row execute function flood()");
		folder(2, "insert into late values (1);");
		new MigrationFolder(this.path).add("3_f.sql",
				"create table t3 (a int);\ninsert into t values (3);\ncomment on table t is '" + "x".repeat(20_000)
						+ "';");
		assertThat(migrator(new Recorder()).migrate().applied()).isEqualTo(numbers(1, COUNT));
		assertThat(output).contains("the end of the flood");
	}

	/**
	 * What each file sets must not reach the next one, whether that is sent with it or
	 * not.
	 */
	@ParameterizedTest
	@EnumSource
	void filesOfAllKindsMeanTheSame(Way way) {
		this.database.execute("create table seen (n serial, file int, settings text)");
		String look = "insert into seen (file, settings) select %d, concat_ws(' ', current_setting('lock_timeout'),"
				+ " current_setting('statement_timeout'), current_setting('work_mem'), current_setting('search_path'),"
				+ " current_user, current_setting('transaction_isolation'));\n";
		List<String> more = List.of("", "", "", "set work_mem = '5MB';", "select look_up(10);", "", "",
				"do $$ begin raise notice 'here'; end $$;", "", "set local lock_timeout = '7s';", "",
				"set search_path = pg_catalog;", "", "");
		MigrationFolder folder = new MigrationFolder(this.path);
		this.database.execute("create function look_up(n int) returns setof int language sql as"
				+ " 'insert into t select generate_series(1, n) returning a'");
		int files = 3 * more.size();
		for (int number = 1; number <= files; number++) {
			String sql = look.formatted(number) + more.get(number % more.size()) + "\n";
			if (number % 11 == 0) {
				folder.addWithoutTransaction("%02d.sql".formatted(number),
						sql + "create index concurrently on public.t (a);");
			}
			else {
				folder.add("%02d.sql".formatted(number), sql + "create table public.x%d (a int);".formatted(number));
			}
		}
		migrator(way.connections(this.database), StatementSettings.defaults(), new Recorder()).migrate();
		assertThat(this.database.jdbc().queryForList("select file from seen order by n", Integer.class))
			.isEqualTo(integers(1, files));
		assertThat(this.database.jdbc()
			.queryForList("select distinct settings from seen where file % 11 > 0", String.class))
			.containsExactly("5s 0 4MB \"$user\", public " + this.database.user() + " read committed");
		assertThat(rows(this.database)).hasSize(30);
	}

	enum Way {

		TOGETHER, ONE_BY_ONE;

		MigrationConnections connections(TestDatabase database) {
			return (this == TOGETHER) ? database.connections() : new HiddenDriver(database.connections());
		}

	}

	enum Flaw {

		STATEMENT("insert into nowhere values (1);"), SYNTAX("create table u (a int,, b int);"),
		COMMIT("insert into child values (99);"), RECORD("alter table schema_migrations rename to gone;"),
		TRIGGER("insert into refused values (1);");

		private final String sql;

		Flaw(String sql) {
			this.sql = sql;
		}

	}

	/**
	 * What can be seen of a run that has failed.
	 */
	private record Seen(Class<?> type, String description, String action, List<String> news, List<String> versions,
			List<Integer> rows, List<Map<String, Object>> journal) {

	}

	private static final class Recorder implements MigrationListener {

		private final List<String> news = new ArrayList<>();

		@Override
		public void migrationStarted(Running migration) {
			this.news.add("started " + migration.version());
		}

		@Override
		public void migrationRetried(Running migration) {
			this.news.add("retried " + migration.version());
		}

		@Override
		public void migrationEnded(Running migration, Outcome outcome, Duration took,
				@Nullable MigrationException failure) {
			this.news.add(outcome + " " + migration.version());
		}

	}

}
