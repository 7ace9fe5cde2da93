package io.github.migrateboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MalformedMigrationException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.status.MigrationInfo.State;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.Dbmate;
import io.github.migrateboot.testing.DbmateCase;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What dbmate's command line and Migrate do to one database, one after the other and both
 * at once.
 */
class DbmateInterchangeTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database) {
		return migrator(database, "schema_migrations", "tests");
	}

	private Migrator migrator(TestDatabase database, String table, String application) {
		MigratorSettings settings = MigratorSettings.defaults(Instance.current(application)).withTable(table);
		return new Migrator(folder().source(), database.connections(), settings);
	}

	private static List<Integer> effects(TestDatabase database) {
		return database.jdbc().queryForList("SELECT a FROM effects ORDER BY a", Integer.class);
	}

	/**
	 * One that makes a table, one in a transaction, one without.
	 */
	private void addThreeMigrations() {
		folder().add("1_table.sql", "CREATE TABLE effects (a integer NOT NULL);\nINSERT INTO effects VALUES (1);")
			.addRaw("2_rows.sql", """
					-- migrate:up
					INSERT INTO effects VALUES (2);
					INSERT INTO effects VALUES (22);
					-- migrate:down
					DELETE FROM effects WHERE a IN (2, 22);
					""")
			.addRaw("3_rows.sql", """
					-- migrate:up transaction:false
					INSERT INTO effects VALUES (3);
					INSERT INTO effects VALUES (33);
					-- migrate:down transaction:false
					DELETE FROM effects WHERE a IN (3, 33);
					""");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void whatDbmateAppliedMigrateFindsApplied(TestServer server) {
		addThreeMigrations();
		try (TestDatabase database = server.create()) {
			assertThat(Dbmate.on(database, folder()).succeed("up")).contains("Applied: 1_table.sql")
				.contains("Applied: 3_rows.sql");
			MigrationReport nothing = migrator(database).migrate();
			assertThat(nothing.applied()).isEmpty();
			assertThat(nothing.alreadyApplied()).isEqualTo(3);
			assertThat(effects(database)).containsExactly(1, 2, 3, 22, 33);
			folder().add("4_row.sql", "INSERT INTO effects VALUES (4);");
			assertThat(migrator(database).migrate().applied()).containsExactly("4");
			assertThat(effects(database)).containsExactly(1, 2, 3, 4, 22, 33);
			assertThat(migrator(database).migrations()).extracting(MigrationInfo::state).containsOnly(State.APPLIED);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void whatMigrateAppliedDbmateFindsApplied(TestServer server) {
		addThreeMigrations();
		try (TestDatabase database = server.create()) {
			Dbmate dbmate = Dbmate.on(database, folder());
			assertThat(migrator(database).migrate().applied()).containsExactly("1", "2", "3");
			assertThat(dbmate.succeed("status")).contains("[X] 1_table.sql", "[X] 2_rows.sql", "[X] 3_rows.sql")
				.contains("Pending: 0");
			assertThat(dbmate.succeed("up")).doesNotContain("Applying");
			folder().add("4_row.sql", "INSERT INTO effects VALUES (4);");
			assertThat(dbmate.succeed("status")).contains("[ ] 4_row.sql").contains("Pending: 1");
			assertThat(dbmate.succeed("migrate")).contains("Applied: 4_row.sql").doesNotContain("3_rows.sql");
			assertThat(migrator(database).migrate().applied()).isEmpty();
			assertThat(effects(database)).containsExactly(1, 2, 3, 4, 22, 33);
			assertThat(migrator(database).migrations()).extracting(MigrationInfo::version, MigrationInfo::state)
				.contains(tuple("4", State.APPLIED));
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void whatDbmateRolledBackMigrateAppliesFromTheFirstStatement(TestServer server) {
		addThreeMigrations();
		try (TestDatabase database = server.create()) {
			migrator(database, "schema_migrations", "before").migrate();
			Dbmate dbmate = Dbmate.on(database, folder());
			assertThat(dbmate.succeed("rollback")).contains("Rolled back: 3_rows.sql");
			assertThat(dbmate.succeed("rollback")).contains("Rolled back: 2_rows.sql");
			assertThat(effects(database)).containsExactly(1);
			Migrator after = migrator(database, "schema_migrations", "after");
			assertThat(after.migrations()).extracting(MigrationInfo::state)
				.containsExactly(State.APPLIED, State.PENDING, State.PENDING);
			assertThat(after.migrate().applied()).containsExactly("2", "3");
			assertThat(effects(database)).containsExactly(1, 2, 3, 22, 33);
			assertThat(database.versions()).containsExactly("1", "2", "3");
			assertThat(after.migrations()).satisfiesExactly(
					(first) -> assertThat(first.instance()).contains("(before)"),
					(second) -> assertThat(second.instance()).contains("(after)"),
					(third) -> assertThat(third.instance()).contains("(after)"));
			assertThat(database.jdbc()
				.queryForList("SELECT statements_done FROM " + database.quoted("schema_migrations_journal")
						+ " ORDER BY version", Integer.class))
				.containsExactly(2, 2, 2);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void historyTableIsTheOneThatDbmateMakes(TestServer server) {
		folder().add("1_empty.sql", "");
		try (TestDatabase ours = server.create(); TestDatabase theirs = server.create()) {
			migrator(ours).migrate();
			Dbmate.on(theirs, folder()).succeed("up");
			List<Map<String, Object>> expected = describe(theirs);
			assertThat(expected.toString()).contains("version");
			assertThat(describe(ours)).isEqualTo(expected);
		}
	}

	private static List<Map<String, Object>> describe(TestDatabase database) {
		List<String> queries = switch (database.server()) {
			case POSTGRES, POSTGRES_EMBEDDED -> List.of("""
					SELECT a.attname, a.attnum, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull,
					a.attcollation, pg_get_expr(d.adbin, d.adrelid) AS value, c.relkind, c.relpersistence
					FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
					LEFT JOIN pg_attrdef d ON d.adrelid = c.oid
					WHERE c.oid = 'schema_migrations'::regclass ORDER BY a.attnum
					""", """
					SELECT conname, contype, pg_get_constraintdef(oid) AS definition, conindid::regclass::text AS name
					FROM pg_constraint WHERE conrelid = 'schema_migrations'::regclass ORDER BY conname
					""", "SELECT indexdef FROM pg_indexes WHERE tablename = 'schema_migrations'");
			case MYSQL, MARIADB -> List.of("SHOW CREATE TABLE schema_migrations",
					"SELECT column_name, ordinal_position, column_default, is_nullable, column_type, column_key, extra,"
							+ " collation_name FROM information_schema.columns"
							+ " WHERE table_schema = DATABASE() AND table_name = 'schema_migrations'");
			default -> List.of("SELECT * FROM pragma_table_info('schema_migrations')",
					"SELECT * FROM pragma_index_list('schema_migrations')");
		};
		return queries.stream().flatMap((query) -> database.jdbc().queryForList(query).stream()).toList();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void fileThatEmptiesTheHistoryIsRecordedByBoth(TestServer server) {
		folder().add("1_table.sql", "CREATE TABLE effects (a integer NOT NULL);")
			.add("2_squash.sql", "DELETE FROM schema_migrations;");
		try (TestDatabase ours = server.create(); TestDatabase theirs = server.create()) {
			Dbmate.on(theirs, folder()).succeed("up");
			assertThat(theirs.versions()).containsExactly("2");
			assertThat(migrator(ours).migrate().applied()).containsExactly("1", "2");
			assertThat(ours.versions()).containsExactly("2");
		}
	}

	static Stream<Arguments> tables() {
		return Stream.of(arguments(TestServer.POSTGRES_EMBEDDED, "Ops.History", "\"Ops\".\"History\""),
				arguments(TestServer.POSTGRES, "ops.history", "ops.history"),
				arguments(TestServer.MARIADB, "ops.history", "`ops.history`"),
				arguments(TestServer.MYSQL, "ops.history", "`ops.history`"),
				arguments(TestServer.SQLITE, "ops.history", "\"ops.history\""));
	}

	@ParameterizedTest
	@MethodSource("tables")
	void tableNameWithDotMeansTheSameToBoth(TestServer server, String configured, String quoted) {
		addThreeMigrations();
		try (TestDatabase database = server.create()) {
			Dbmate dbmate = Dbmate.on(database, folder()).withTable(configured);
			assertThat(migrator(database, configured, "tests").migrate().applied()).containsExactly("1", "2", "3");
			assertThat(
					database.jdbc().queryForList("SELECT version FROM " + quoted + " ORDER BY version", String.class))
				.containsExactly("1", "2", "3");
			assertThat(dbmate.succeed("up")).doesNotContain("Applying");
		}
		try (TestDatabase database = server.create()) {
			Dbmate.on(database, folder()).withTable(configured).succeed("up");
			assertThat(migrator(database, configured, "tests").migrate().alreadyApplied()).isEqualTo(3);
			assertThat(effects(database)).containsExactly(1, 2, 3, 22, 33);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "POSTGRES", "SQLITE" })
	void bothAtOnceApplyEachMigrationOnce(TestServer server) throws Exception {
		Dbmate.requireAvailable();
		try (TestDatabase database = server.create()) {
			database.execute("create table effects (a integer not null)");
			// dbmate is the faster one, so that it overtakes now and then.
			String work = "SELECT pg_sleep(CASE current_setting('application_name') WHEN '' THEN 0.02 ELSE 0.06 END);";
			if (server == TestServer.SQLITE) {
				work = "DELETE FROM effects WHERE a = (WITH RECURSIVE n(i) AS"
						+ " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT sum(i) FROM n);";
			}
			else {
				// Many collisions of the two are deadlocks.
				database.execute("alter database " + database.name() + " set deadlock_timeout = '20ms'");
			}
			List<Integer> numbers = IntStream.rangeClosed(10, 24).boxed().toList();
			for (Integer number : numbers) {
				// Nothing but the history prevents that those without DDL take effect
				// twice.
				String ddl = (number % 2 == 0) ? "CREATE TABLE t" + number + " (a integer);\n" : "";
				folder().add(number + "_effect.sql",
						work + "\n" + ddl + "INSERT INTO effects VALUES (" + number + ");");
			}
			applyWithBoth(database);
			assertThat(database.versions()).containsExactlyElementsOf(numbers.stream().map(String::valueOf).toList());
			assertThat(effects(database)).containsExactlyElementsOf(numbers);
			assertThat(Dbmate.on(database, folder()).succeed("status")).contains("Pending: 0");
		}
	}

	private void applyWithBoth(TestDatabase database) throws Exception {
		List<ChildJvm> replicas = new ArrayList<>();
		try (Connection gate = database.connect(); Statement statement = gate.createStatement()) {
			// Nobody gets beyond the first migration before all are there.
			boolean sqlite = database.server() == TestServer.SQLITE;
			statement.execute(sqlite ? "BEGIN IMMEDIATE" : "BEGIN; LOCK TABLE effects IN ACCESS EXCLUSIVE MODE");
			IntStream.rangeClosed(1, 3)
				.forEach((number) -> replicas.add(MigrateProcess.start(database, folder(), "replica-" + number)));
			replicas.forEach((replica) -> replica.awaitOutput("migrations are pending", PATIENCE));
			List<CompletableFuture<Integer>> dbmates = IntStream.rangeClosed(1, 3)
				.mapToObj((number) -> CompletableFuture.supplyAsync(() -> failuresOfDbmate(database)))
				.toList();
			statement.execute("COMMIT");
			for (ChildJvm replica : replicas) {
				assertThat(replica.awaitExit(PATIENCE)).as(replica::output).isZero();
			}
			for (CompletableFuture<Integer> dbmate : dbmates) {
				assertThat(dbmate.get(1, TimeUnit.MINUTES)).isLessThan(30);
			}
		}
		finally {
			replicas.forEach(ChildJvm::close);
		}
	}

	/**
	 * Run dbmate until it succeeds, as an orchestrator does.
	 */
	private int failuresOfDbmate(TestDatabase database) {
		int failures = 0;
		Dbmate.Result result = Dbmate.on(database, folder()).run("up");
		while (result.exit() != 0 && failures < 30) {
			assertThat(result.output()).contains("Error: ");
			failures++;
			result = Dbmate.on(database, folder()).run("up");
		}
		return failures;
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "POSTGRES", "SQLITE" })
	void migrationThatAnotherProgramAppliesMeanwhileIsNotAppliedAgain(TestServer server) throws Exception {
		folder().add("1_table.sql", "CREATE TABLE effects (a integer NOT NULL);");
		try (TestDatabase database = server.create()) {
			migrator(database).migrate();
			folder().add("2_row.sql", "INSERT INTO effects VALUES (2);")
				.add("3_row.sql", "INSERT INTO effects VALUES (3);");
			Migrator migrator = migrator(database);
			try (Connection other = database.connect(); Statement statement = other.createStatement()) {
				statement.execute("BEGIN");
				statement.execute("INSERT INTO effects VALUES (2)");
				statement.execute("INSERT INTO schema_migrations (version) VALUES ('2')");
				CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator::migrate);
				Awaitility.await().atMost(PATIENCE).until(() -> {
					MigratorStatus.Running running = migrator.status().running();
					return running != null && running.version().equals("2");
				});
				statement.execute("COMMIT");
				assertThat(run.get(1, TimeUnit.MINUTES).applied()).containsExactly("3");
			}
			assertThat(effects(database)).containsExactly(2, 3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "POSTGRES" })
	void deadlockWithDbmateIsLostAndDbmatesResultIsFound(TestServer server) throws Exception {
		String dbmateIsHere = "WHERE current_setting('application_name') = ''";
		folder().add("1_table.sql", """
				SELECT pg_advisory_xact_lock(1) %s;
				CREATE TABLE effects (a integer);
				SELECT pg_advisory_xact_lock(2) %s;
				INSERT INTO effects VALUES (1);
				CREATE FUNCTION commit_slowly() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN
				  PERFORM pg_sleep(0.5);
				  RETURN NULL;
				END $$;
				CREATE CONSTRAINT TRIGGER commit_slowly AFTER UPDATE ON effects DEFERRABLE INITIALLY DEFERRED
				FOR EACH ROW EXECUTE FUNCTION commit_slowly();
				UPDATE effects SET a = 1;
				""".formatted(dbmateIsHere.replace(" = ", " <> "), dbmateIsHere));
		try (TestDatabase database = server.create();
				Connection gate = database.connect();
				Statement statement = gate.createStatement()) {
			database.execute("alter database " + database.name() + " set deadlock_timeout = '10ms'");
			statement.execute("SELECT pg_advisory_lock(1), pg_advisory_lock(2)");
			try (Dbmate.Running dbmate = Dbmate.on(database, folder()).start("up")) {
				awaitBlocked(database, "advisory", 1);
				CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator(database)::migrate);
				awaitBlocked(database, "advisory", 2);
				statement.execute("SELECT pg_advisory_unlock(2)");
				// dbmate looks for a deadlock once, and so long there is none.
				awaitBlocked(database, "transactionid", 1);
				statement.execute("SELECT pg_advisory_unlock(1)");
				assertThat(run.get(1, TimeUnit.MINUTES).applied()).isEmpty();
				Dbmate.Result result = dbmate.await();
				assertThat(result.exit()).as(result.output()).isZero();
			}
			assertThat(effects(database)).containsExactly(1);
			assertThat(database.versions()).containsExactly("1");
		}
	}

	private static void awaitBlocked(TestDatabase database, String lock, int sessions) {
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> database.jdbc()
				.queryForObject(
						"SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = ?"
								+ " AND clock_timestamp() - waitstart > interval '100 ms'",
						Integer.class, lock) == sessions);
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "POSTGRES" })
	void historyTableThatAppearsMeanwhileIsUsed(TestServer server) throws Exception {
		addThreeMigrations();
		try (TestDatabase database = server.create();
				Connection other = database.connect();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("create table schema_migrations (version varchar primary key)");
			CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migrator(database)::migrate);
			awaitBlocked(database, "transactionid", 1);
			other.commit();
			assertThat(run.get(1, TimeUnit.MINUTES).applied()).containsExactly("1", "2", "3");
		}
	}

	@ParameterizedTest
	@MethodSource("io.github.migrateboot.testing.DbmateCase#all")
	void appliesAndRefusesWhatDbmateDoes(DbmateCase one) throws IOException {
		Files.write(this.path.resolve("1_case.sql"), one.input());
		try (TestDatabase theirs = TestServer.SQLITE.create(); TestDatabase ours = TestServer.SQLITE.create()) {
			Dbmate.Result result = Dbmate.on(theirs, folder()).run("up");
			assertThat(result.exit() == 0).as(result.output()).isEqualTo(one.applies());
			if (one.applies() || one.hasTwoSections()) {
				assertThat(migrator(ours).migrate().applied()).containsExactly("1");
				assertThat(ours.versions()).containsExactly("1");
			}
			else {
				assertThatExceptionOfType(MalformedMigrationException.class).isThrownBy(migrator(ours)::migrate)
					.withMessageContaining("1_case.sql");
				assertThat(tables(ours)).isEmpty();
			}
			if (!one.hasTwoSections()) {
				assertThat(tables(ours)).filteredOn((table) -> !table.startsWith("schema_migrations"))
					.isEqualTo(
							tables(theirs).stream().filter((table) -> !table.startsWith("schema_migrations")).toList());
			}
		}
	}

	private static List<String> tables(TestDatabase database) {
		return database.jdbc()
			.queryForList("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", String.class);
	}

}
