package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.plan.CrashOutcome;
import io.github.migrateboot.plan.MeasuredFile;
import io.github.migrateboot.plan.MigrationPlan;
import io.github.migrateboot.plan.PlannedFinding;
import io.github.migrateboot.plan.PlannedMigration;
import io.github.migrateboot.plan.PlannedMigration.Transaction;
import io.github.migrateboot.plan.PlannedStatement;
import io.github.migrateboot.plan.PlannedTable;
import io.github.migrateboot.plan.Refusal;
import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.script.ScriptParser;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.ChecksumPolicy;
import io.github.migrateboot.settings.MigratorSettings.Mode;
import io.github.migrateboot.status.MigrationListener;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link Migrator#plan}.
 */
class MigrationPlanTests {

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database) {
		return migrator(database, settings());
	}

	private Migrator migrator(TestDatabase database, MigratorSettings settings) {
		return new Migrator(folder().source(), database.connections(), settings);
	}

	private static MigratorSettings settings() {
		return MigratorSettings.defaults(Instance.current("tests"));
	}

	private MigrationPlan plan(TestDatabase database) {
		return migrator(database).plan(List.of());
	}

	private PlannedMigration only(TestDatabase database) {
		assertThat(plan(database).migrations()).hasSize(1);
		return plan(database).migrations().get(0);
	}

	@ParameterizedTest
	@EnumSource
	void saysWhatIsPendingOfWhat(TestServer server) {
		try (TestDatabase database = server.create()) {
			folder().add("1_first.sql", "create table first (a int);");
			migrator(database).migrate();
			folder().add("2_second.sql", "create table other (a int);\ninsert into other values (1);");
			folder().add("3_third.sql", "alter table first add column b int;");
			MigrationPlan plan = plan(database);
			assertThat(plan.applied()).isEqualTo(1);
			assertThat(plan.migrations()).extracting(PlannedMigration::name)
				.containsExactly("2_second.sql", "3_third.sql");
			assertThat(plan.migrations().get(0).statements()).extracting(PlannedStatement::line).containsExactly(2, 3);
			assertThat(plan.migrations().get(0).statements()).extracting(PlannedStatement::text)
				.containsExactly("create table other (a int)", "insert into other values (1)");
			assertThat(plan.migrations().get(0).tables()).singleElement()
				.satisfies((table) -> assertThat(table.created()).isTrue());
			assertThat(plan.migrations().get(1).tables()).singleElement().satisfies((table) -> {
				assertThat(table.name()).endsWithIgnoringCase("first");
				assertThat(table.created()).isFalse();
			});
			assertThat(plan.refusals()).isEmpty();
			assertThat(plan.holder()).isNull();
			assertThat(plan.lock()).isNotBlank();
			assertThat(migrator(database).migrate().applied()).containsExactly("2", "3");
		}
	}

	@ParameterizedTest
	@EnumSource
	void changesNothing(TestServer server) {
		try (TestDatabase database = server.create()) {
			database.execute("create table t (id int primary key, a int)", "insert into t values (1, 2), (2, 3)");
			folder().add("1_first.sql", "alter table t add column z int;\nupdate t set z = a;");
			List<String> before = content(database);
			migrator(database, settings().withMode(Mode.PLAN)).plan(List.of());
			assertThat(content(database)).isEqualTo(before).anyMatch((line) -> line.contains("2, 3"));
			if (server == TestServer.SQLITE) {
				assertThat(Path.of(database.url().replace("jdbc:sqlite:", "").replaceAll("\\?.*", ""))
					.getParent()
					.toFile()
					.list((directory, name) -> name.startsWith(database.name()) && name.contains("-lock"))).isEmpty();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void inItsModeNothingIsApplied(TestServer server) {
		try (TestDatabase database = server.create()) {
			folder().add("1_first.sql", "create table first (a int);");
			List<String> before = content(database);
			Migrator migrator = migrator(database, settings().withMode(Mode.PLAN));
			MigrationReport report = migrator.migrate();
			assertThat(report.applied()).isEmpty();
			assertThat(report.alreadyApplied()).isZero();
			assertThat(migrator.status().pending()).isEqualTo(1);
			assertThat(content(database)).isEqualTo(before);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "SQLITE", "H2" })
	void isPossibleForWhoMayOnlyRead(TestServer server) {
		try (TestDatabase database = server.create()) {
			database.execute("create table t (id int primary key, a int)");
			folder().add("1_first.sql", "create index i on t (a);\ndrop table t;");
			String reader = database.createUserWithoutRights();
			try (TestDatabase asReader = database.as(reader, "secret")) {
				MigrationPlan plan = plan(asReader);
				assertThat(plan.migrations()).singleElement().satisfies((migration) -> {
					assertThat(migration.tables()).extracting(PlannedTable::name)
						.singleElement()
						.satisfies((name) -> assertThat(name).endsWith(".t"));
					assertThat(migration.findings()).extracting((one) -> one.finding().hazard())
						.contains(Hazard.TABLE_DROPPED);
				});
			}
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
	void isPossibleInAReadOnlySession(TestServer server) {
		try (TestDatabase database = server.create()) {
			database.execute("create table t (id int primary key, a int)");
			folder().add("1_first.sql", "create table first (a int);");
			migrator(database).migrate();
			folder().add("2_second.sql", "drop table t;");
			String readOnly = switch (server) {
				case POSTGRES, POSTGRES_EMBEDDED -> "options=-c%20default_transaction_read_only=on";
				case MYSQL -> "sessionVariables=transaction_read_only=1";
				case MARIADB -> "sessionVariables=tx_read_only=1";
				case SQLITE, H2 -> "open_mode=1";
			};
			TestDatabase reading = database.at(database.url() + (database.url().contains("?") ? "&" : "?") + readOnly);
			assertThatThrownBy(() -> reading.execute("create table refused (a int)"))
				.hasMessageMatching("(?is).*read.?only.*");
			MigrationPlan plan = plan(reading);
			assertThat(plan.applied()).isEqualTo(1);
			assertThat(plan.migrations()).singleElement()
				.satisfies((migration) -> assertThat(hazards(migration)).containsExactly(Hazard.TABLE_DROPPED));
		}
	}

	/**
	 * Return every table of a database with its columns and rows, as the catalogue and
	 * the table itself have it.
	 */
	private static List<String> content(TestDatabase database) {
		List<String> content = new ArrayList<>();
		try (Connection connection = database.connect()) {
			TreeSet<String> tables = new TreeSet<>();
			try (ResultSet rows = connection.getMetaData()
				.getTables(connection.getCatalog(), null, "%", new String[] { "TABLE", "BASE TABLE", "VIEW" })) {
				while (rows.next()) {
					tables.add(rows.getString("TABLE_NAME"));
				}
			}
			for (String table : tables) {
				content.add(table);
				try (ResultSet columns = connection.getMetaData()
					.getColumns(connection.getCatalog(), null, table, "%")) {
					while (columns.next()) {
						content.add(table + "." + columns.getString("COLUMN_NAME"));
					}
				}
			}
			if (tables.contains("t") || tables.contains("T")) {
				database.jdbc()
					.queryForList("select * from t order by 1")
					.forEach((row) -> content
						.add(String.join(", ", row.values().stream().map(String::valueOf).toList())));
			}
			return content;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES", "POSTGRES_EMBEDDED" })
	void knowsRowsAndSizesOnceTheServerDoes(TestServer server) {
		try (TestDatabase database = server.create()) {
			database.execute("create table t (id int primary key, a text)",
					"insert into t select g, repeat('x', 100) from generate_series(1, 5000) g",
					"alter table t set (autovacuum_enabled = false)");
			folder().add("1_first.sql", "alter table t add column z int;");
			assertThat(only(database).tables()).singleElement().satisfies((table) -> {
				assertThat(table.name()).isEqualTo("public.t");
				assertThat(table.rows()).isNull();
				assertThat(table.bytes()).isGreaterThan(500_000);
				assertThat(table.indexBytes()).isGreaterThan(50_000);
				assertThat(table.totalBytes()).isGreaterThanOrEqualTo(table.bytes() + table.indexBytes());
			});
			database.execute("analyze t");
			assertThat(only(database).tables()).singleElement()
				.satisfies((table) -> assertThat(table.rows()).isEqualTo(5000));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES", "POSTGRES_EMBEDDED" })
	void aPartitionedTableIsAsLargeAsItsPartitions(TestServer server) {
		try (TestDatabase database = server.create()) {
			database.execute("create table t (id int) partition by range (id)",
					"create table t1 partition of t for values from (0) to (1000)",
					"create table t2 partition of t for values from (1000) to (2000)",
					"insert into t select g from generate_series(1, 1500) g", "analyze t1", "analyze t2");
			folder().add("1_first.sql", "alter table t add column z int;");
			assertThat(only(database).tables()).singleElement().satisfies((table) -> {
				assertThat(table.rows()).isEqualTo(1500);
				assertThat(table.bytes()).isGreaterThan(8192);
			});
		}
	}

	@Test
	void doesNotWaitForWhoHasLockedATable() throws SQLException {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute("create table t (id int)", "insert into t select g from generate_series(1, 5000) g",
					"analyze t");
			folder().add("1_first.sql", "alter table t add column z int;");
			try (Connection locking = database.connect()) {
				locking.setAutoCommit(false);
				locking.createStatement().execute("lock table t in access exclusive mode");
				long start = System.nanoTime();
				assertThat(only(database).tables()).singleElement().satisfies((table) -> {
					assertThat(table.rows()).isEqualTo(5000);
					assertThat(table.bytes()).isGreaterThan(100_000);
				});
				assertThat(System.nanoTime() - start).isLessThan(8_000_000_000L);
				locking.rollback();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void knowsRowsAndSizesAndLeavesTheSessionAsItWas(TestServer server) throws SQLException {
		try (TestDatabase database = server.create(); Connection connection = database.connect()) {
			database.execute("create table t (id int primary key, a varchar(200))",
					"insert into t values (1, 'x'), (2, 'y'), (3, 'z')", "analyze table t");
			folder().add("1_first.sql", "alter table t add column z int;");
			assertThat(only(database).tables()).singleElement().satisfies((table) -> {
				assertThat(table.name()).isEqualTo(database.name() + ".t");
				assertThat(table.rows()).isEqualTo(3);
				assertThat(table.bytes()).isGreaterThanOrEqualTo(16384);
			});
			if (server == TestServer.MYSQL) {
				connection.createStatement().execute("set session information_schema_stats_expiry = 77");
				new Migrator(folder().source(), new OneConnection(connection), settings()).plan(List.of());
				try (ResultSet row = connection.createStatement()
					.executeQuery("select @@session.information_schema_stats_expiry")) {
					row.next();
					assertThat(row.getInt(1)).isEqualTo(77);
				}
			}
		}
	}

	private static List<Hazard> hazards(PlannedMigration migration) {
		return migration.findings().stream().map((one) -> one.finding().hazard()).toList();
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES", "POSTGRES_EMBEDDED" })
	void findsWhatWordsAndCatalogueTell(TestServer server) {
		try (TestDatabase database = server.create()) {
			database.execute("create table t (id int primary key, a int)");
			folder().add("1_index.sql", "create index i on t (a);");
			folder().add("2_new.sql", "create table n (a int);\ncreate index j on n (a);");
			folder().add("3_later.sql", "create index k on n (a);\nalter table n alter a set not null;");
			folder().add("4_allowed.sql", "-- migrate:allow truncate: it is a cache\ntruncate t;");
			List<PlannedMigration> migrations = plan(database).migrations();
			assertThat(migrations.get(0).findings()).singleElement().satisfies((planned) -> {
				assertThat(planned.measured()).isFalse();
				assertThat(planned.allowed()).isNull();
				Finding finding = planned.finding();
				assertThat(finding.hazard()).isEqualTo(Hazard.INDEX_BUILD);
				assertThat(finding.place()).isEqualTo(new Finding.Place("1_index.sql", 2, 1));
				assertThat(finding.table()).isEqualTo("public.t");
				assertThat(finding.lock()).isEqualTo("SHARE");
				assertThat(finding.remedy()).contains("create index concurrently i on t (a);");
			});
			assertThat(migrations.get(1).findings()).isEmpty();
			assertThat(migrations.get(2).findings()).isEmpty();
			assertThat(migrations.get(3).findings()).singleElement().satisfies((planned) -> {
				assertThat(planned.finding().hazard()).isEqualTo(Hazard.TRUNCATE);
				assertThat(planned.allowed()).isEqualTo("it is a cache");
			});
		}
	}

	@Test
	void whatWasMeasuredReplacesWhatIsGuessedIfTheFileIsStillTheSame() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute("create table t (id int primary key, a int)");
			folder().add("1_index.sql", "create index i on t (a);");
			String checksum = ScriptParser.checksum(folder().source().list("postgresql").get(0).read());
			Finding measured = new Finding(Hazard.HELD_THROUGH, new Finding.Place("1_index.sql", 2, 1), "public.t",
					"ACCESS EXCLUSIVE", "It was seen.", null);
			Migrator migrator = migrator(database);
			assertThat(migrator.plan(List.of(new MeasuredFile("1_index.sql", checksum, List.of(measured)))).findings())
				.containsExactly(new PlannedFinding(measured, true, null));
			assertThat(migrator.plan(List.of(new MeasuredFile("1_index.sql", checksum, List.of()))).findings())
				.isEmpty();
			assertThat(hazards(migrator.plan(List.of(new MeasuredFile("1_index.sql", "another", List.of(measured))))
				.migrations()
				.get(0))).containsExactly(Hazard.INDEX_BUILD);
		}
	}

	@Test
	void saysWhatBecomesOfAMigrationThatIsCutOff() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			folder().add("1_whole.sql", "create table t (a int);\ninsert into t values (1);");
			folder().addWithoutTransaction("2_index.sql",
					"set lock_timeout = '1s';\ncreate index concurrently i on t (a);\nvacuum t;");
			folder().addWithoutTransaction("3_temp.sql",
					"create temp table x (a int);\ncreate index concurrently j on t (a);");
			List<PlannedMigration> migrations = plan(database).migrations();
			assertThat(migrations.get(0).transaction()).isEqualTo(Transaction.WHOLE);
			assertThat(migrations.get(0).crash()).isEqualTo(CrashOutcome.UNDONE);
			assertThat(migrations.get(1).transaction()).isEqualTo(Transaction.NONE);
			assertThat(migrations.get(1).statements()).extracting(PlannedStatement::crash)
				.containsExactly(CrashOutcome.RESUMES, CrashOutcome.RESUMES, CrashOutcome.ASKS);
			assertThat(migrations.get(2).statements().get(1)).satisfies((statement) -> {
				assertThat(statement.crash()).isEqualTo(CrashOutcome.ASKS);
				assertThat(statement.reason()).contains("created a temporary table");
			});
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB", "H2" })
	void whereDdlCommitsEachStatementIsCutOffByItself(TestServer server) {
		try (TestDatabase database = server.create()) {
			folder().add("1_mixed.sql",
					"create table t (a int);\ninsert into t values (1);\ninsert into t values (2);\ncreate table u (a int);");
			PlannedMigration migration = only(database);
			assertThat(migration.transaction()).isEqualTo(Transaction.PARTS);
			assertThat(migration.statements()).extracting(PlannedStatement::crash)
				.containsExactly(CrashOutcome.ASKS, CrashOutcome.UNDONE, CrashOutcome.UNDONE, CrashOutcome.ASKS);
		}
	}

	@Test
	void saysWhereAMigrationThatFailedResumes() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			folder().addWithoutTransaction("1_fails.sql", "create table t (a int);\ncreate tabel u (a int);");
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator(database)::migrate);
			assertThat(only(database).first()).isEqualTo(2);
			folder().addWithoutTransaction("1_fails.sql", "create table changed (a int);\ncreate table u (a int);");
			assertThat(plan(database).refusals()).singleElement()
				.satisfies((refusal) -> assertThat(refusal.description()).contains("Statement 1")
					.contains("has changed since then"));
		}
	}

	@Test
	void saysWhyAStartWouldStop() {
		try (TestDatabase database = TestServer.H2.create()) {
			folder().add("2_second.sql", "create table other (a int);");
			migrator(database).migrate();
			folder().add("1_late.sql", "create table late (a int);");
			folder().add("2_second.sql", "create table changed (a int);");
			MigrationPlan plan = migrator(database, settings().withStrict(true).withChecksum(ChecksumPolicy.FAIL))
				.plan(List.of());
			assertThat(plan.refusals()).extracting(Refusal::description)
				.satisfiesExactly((changed) -> assertThat(changed).startsWith("Changed after being applied: "),
						(late) -> assertThat(late).startsWith("Migration 1_late.sql is pending although 2"));
		}
	}

	@Test
	void saysWhatABaselineWouldRecord() {
		try (TestDatabase database = TestServer.H2.create()) {
			folder().add("1_first.sql", "create table first (a int);");
			folder().add("2_second.sql", "create table other (a int);");
			MigrationPlan plan = migrator(database, settings().withBaseline("1")).plan(List.of());
			assertThat(plan.baselined()).containsExactly("1");
			assertThat(plan.migrations()).extracting(PlannedMigration::version).containsExactly("2");
			assertThat(migrator(database, settings().withBaseline("9")).plan(List.of()).refusals()).singleElement()
				.satisfies((refusal) -> assertThat(refusal.description()).contains("migrate.baseline is 9"));
		}
	}

	@Test
	void warnsOfWhatFailsInATransaction() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute("create table t (a int)");
			folder().add("1_in.sql", "create index concurrently i on t (a);");
			assertThat(only(database).warnings())
				.containsExactly("Line 2: this statement can't run in a transaction, so the"
						+ " migration fails. Write transaction:false behind the directive.");
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator(database)::migrate);
			folder().addWithoutTransaction("1_in.sql", "create index concurrently i on t (a);");
			assertThat(only(database).warnings()).isEmpty();
			assertThat(migrator(database).migrate().applied()).containsExactly("1");
		}
	}

	@Test
	void saysThatTheHistoryWasDropped() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			folder().add("1_first.sql", "create table t (a int);");
			migrator(database).migrate();
			database.execute("drop table schema_migrations");
			assertThat(plan(database).refusals()).extracting(Refusal::description)
				.containsExactly(
						"The history table public.schema_migrations does not exist, although the journal beside"
								+ " it says that migrations have been applied, 1 in all.");
		}
	}

	@Test
	void namesTheHolderOfALockOnSqliteWithoutTouchingIt() throws Exception {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			folder().add("1_first.sql", "create table t (a int);");
			CountDownLatch held = new CountDownLatch(1);
			CountDownLatch planned = new CountDownLatch(1);
			Migrator holder = migrator(database);
			holder.addListener(new MigrationListener() {

				@Override
				public void migrationStarted(MigratorStatus.Running migration) {
					held.countDown();
					try {
						planned.await(30, TimeUnit.SECONDS);
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
				}

			});
			CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(holder::migrate);
			assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
			try {
				assertThat(plan(database).holder()).isNotNull()
					.satisfies((one) -> assertThat(one.instance()).isEqualTo(Instance.current("tests").label()));
			}
			finally {
				planned.countDown();
			}
			assertThat(run.get(30, TimeUnit.SECONDS).applied()).containsExactly("1");
			assertThat(plan(database).holder()).isNull();
		}
	}

	@Test
	void masksCredentials() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			folder().add("1_user.sql", "create role app login password 'geheim';");
			assertThat(only(database).statements()).singleElement()
				.satisfies((statement) -> assertThat(statement.text()).contains("create role app")
					.doesNotContain("geheim"));
			database.execute("create table users (password text)");
			folder().add("1_user.sql", "alter table users add constraint c check (password <> 'geheim');");
			assertThat(only(database).findings()).singleElement()
				.satisfies((planned) -> assertThat(planned.finding().remedy()).contains("validate constraint c")
					.doesNotContain("geheim"));
		}
	}

	/**
	 * A connection that is used on when it is given back.
	 */
	private record OneConnection(Connection connection) implements MigrationConnections {

		@Override
		public Connection borrow() throws SQLException {
			return new SingleConnectionDataSource(this.connection, true).getConnection();
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) {
			return Optional.empty();
		}

	}

}
