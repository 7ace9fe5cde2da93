package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.settings.ConnectSettings;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.CountingProxy;
import io.github.migrateboot.testing.GaleraCluster;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
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
 * Tests for migrating under a lease.
 */
@ExtendWith(OutputCaptureExtension.class)
class LeaseMigratorTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@TempDir
	private Path folder;

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MYSQL", "MARIADB" })
	void everyKindOfMigrationIsAppliedAndRecorded(TestServer server) {
		MigrationFolder migrations = new MigrationFolder(this.folder)
			.add("1_tables.sql", "create table t (a integer not null);\ninsert into t values (1);")
			.add("2_data.sql", "insert into t values (2);\nupdate t set a = 20 where a = 2;")
			.addWithoutTransaction("3_without.sql", "insert into t values (3);\ncreate table u (a integer);")
			.addWithoutTransaction("4_own.sql",
					"begin;\ninsert into t values (4);\ncommit;\ninsert into t values (5);");
		try (TestDatabase database = server.create()) {
			MigrationReport report = migrator(database, migrations).migrate();
			assertThat(report.applied()).containsExactly("1", "2", "3", "4");
			assertThat(database.versions()).containsExactly("1", "2", "3", "4");
			assertThat(database.jdbc().queryForList("select a from t order by a", Integer.class)).containsExactly(1, 3,
					4, 5, 20);
			assertThat(database.jdbc()
				.queryForList("select state from schema_migrations_journal order by version", String.class))
				.containsExactly("applied", "applied", "applied", "applied");
			// Nobody has to wait for it.
			assertThat(database.jdbc()
				.queryForObject("select count(*) from schema_migrations_lock where owner is not null", Integer.class))
				.isZero();
		}
	}

	/**
	 * The fence is changed by whoever takes or releases the lock, and by each transaction
	 * that records something.
	 */
	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB" })
	void whateverRecordsChangesTheFence(TestServer server) {
		MigrationFolder migrations = new MigrationFolder(this.folder).add("1_baseline.sql", "select 1;");
		try (TestDatabase database = server.create()) {
			MigratorSettings settings = settings().withBaseline("1");
			assertThat(new Migrator(migrations.source(), database.connections(), settings).migrate().baselined())
				.containsExactly("1");
			// Taking the lock, creating the tables, recording the baseline, releasing the
			// lock
			long fence = fence(database);
			assertThat(fence).isEqualTo(4);
			migrations.add("2_table.sql", "create table t (a integer);");
			assertThat(migrator(database, migrations).migrate().applied()).containsExactly("2");
			assertThat(fence(database)).isGreaterThanOrEqualTo(fence + 3);
			fence = fence(database);
			migrations.addWithoutTransaction("3_without.sql", "insert into t values (3);");
			assertThat(migrator(database, migrations).migrate().applied()).containsExactly("3");
			// Started and intended, done, whole, recorded
			assertThat(fence(database)).isEqualTo(fence + 6);
			fence = fence(database);
			migrations.addWithoutTransaction("4_own.sql", "begin;\ninsert into t values (4);\ncommit;");
			assertThat(migrator(database, migrations).migrate().applied()).containsExactly("4");
			// Started and intended, the commit intended in its transaction, done, whole,
			// recorded
			assertThat(fence(database)).isEqualTo(fence + 7);
			fence = fence(database);
			migrations.add("5_fails.sql", "insert into missing values (5);");
			assertThatExceptionOfType(MigrationFailedException.class)
				.isThrownBy(() -> migrator(database, migrations).migrate());
			assertThat(fence(database)).isGreaterThanOrEqualTo(fence + 3);
		}
	}

	@Test
	void whatRollsBackInOneTransactionChangesTheFence() {
		MigrationFolder migrations = new MigrationFolder(this.folder).add("1_nothing.sql", "select 1;");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			migrator(database, migrations).migrate();
			long fence = fence(database);
			assertThat(migrator(database, migrations).rollBack().rolledBack()).containsExactly("1");
			// Taking the lock, recording, releasing the lock
			assertThat(fence(database)).isEqualTo(fence + 3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MYSQL", "MARIADB" })
	void nothingIsRolledBackAfterTheLeaseWasLost(TestServer server) {
		String loss = "update schema_migrations_lock set token = token + 1, beat = beat + 1;";
		MigrationFolder migrations = new MigrationFolder(this.folder)
			.add("1_table.sql", "create table t (a integer);\ninsert into t values (1);")
			.addRaw("2_loses.sql", "-- migrate:up\n-- migrate:down\n" + loss + "\ndelete from t;\n");
		try (TestDatabase database = server.create()) {
			migrator(database, migrations).migrate();
			assertThatExceptionOfType(LockLostException.class)
				.isThrownBy(() -> migrator(database, migrations).rollBack())
				.withMessageContaining("2_loses.sql")
				.withMessageContaining("migrate.lock.lease-duration");
			assertThat(database.jdbc().queryForList("select a from t", Integer.class)).containsExactly(1);
			assertThat(database.jdbc()
				.queryForObject("select state from schema_migrations_journal where version = '2'", String.class))
				.isNotEqualTo("reverted");
		}
	}

	private static long fence(TestDatabase database) {
		return database.jdbc()
			.queryForObject("select beat from schema_migrations_lock where id like '%:f'", Long.class);
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB" })
	void historyInAnotherTableOrSchemaIsRecorded(TestServer server) {
		String table = (server == TestServer.MARIADB) ? "history" : "audit.history";
		MigrationFolder migrations = new MigrationFolder(this.folder).add("1_table.sql", "create table t (a integer);");
		try (TestDatabase database = server.create()) {
			MigratorSettings settings = settings().withTable(table);
			new Migrator(migrations.source(), database.connections(), settings).migrate();
			assertThat(database.jdbc().queryForList("select version from " + table, String.class)).containsExactly("1");
			assertThat(database.jdbc().queryForObject("select count(*) from " + table + "_lock", Integer.class))
				.isEqualTo(2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MYSQL", "MARIADB" })
	void nothingIsRecordedAfterTheLeaseWasLost(TestServer server) {
		String loss = "update schema_migrations_lock set token = token + 1, beat = beat + 1;";
		for (boolean transaction : new boolean[] { true, false }) {
			MigrationFolder migrations = new MigrationFolder(this.folder);
			String sql = loss + "\ninsert into t values (1);";
			if (transaction) {
				migrations.add("2_loses.sql", sql);
			}
			else {
				migrations.addWithoutTransaction("2_loses.sql", sql);
			}
			migrations.add("1_table.sql", "create table t (a integer);");
			try (TestDatabase database = server.create()) {
				assertThatExceptionOfType(LockLostException.class)
					.isThrownBy(() -> migrator(database, migrations).migrate())
					.withMessageContaining("2_loses.sql")
					.withMessageContaining("migrate.lock.lease-duration");
				assertThat(database.versions()).containsExactly("1");
				assertThat(database.jdbc().queryForList("select a from t")).isEmpty();
			}
		}
	}

	@Test
	void stoppedHolderRecordsNothingWhenItWakes() {
		GaleraCluster cluster = GaleraCluster.shared();
		MigrationFolder migrations = new MigrationFolder(this.folder)
			.add("1_table.sql", "create table effects (id int auto_increment primary key, migration int);")
			.add("2_slow.sql", "insert into effects (migration) values (2);\nselect sleep(3);")
			.add("3_more.sql", "insert into effects (migration) values (3);");
		try (TestDatabase database = cluster.create();
				ChildJvm stopped = MigrateProcess.startWithLease(cluster.on(database, 1), migrations, "stopped")) {
			awaitRunning(cluster.on(database, 1), "select sleep(3)");
			stopped.pause();
			try (ChildJvm other = MigrateProcess.startWithLease(cluster.on(database, 2), migrations, "other")) {
				assertThat(other.awaitExit(PATIENCE)).as(other::output).isZero();
				assertThat(other.output()).contains("DONE applied=[2, 3]");
			}
			stopped.resume();
			assertThat(stopped.awaitExit(PATIENCE)).as(stopped::output).isOne();
			assertThat(stopped.output()).contains("FAILED LockLostException");
			TestDatabase upToDate = cluster.upToDate(database);
			assertThat(upToDate.versions()).containsExactly("1", "2", "3");
			assertThat(upToDate.jdbc().queryForList("select migration from effects order by migration", Integer.class))
				.containsExactly(2, 3);
		}
	}

	@Test
	void eachMigrationTakesEffectOnceWithReplicasOnBothNodes() {
		int replicas = 6;
		int count = 9;
		MigrationFolder migrations = new MigrationFolder(this.folder);
		migrations.add("01_effects.sql", "create table effects (id int auto_increment primary key, migration int);\n"
				+ "insert into effects (migration) values (1);");
		for (int number = 2; number <= count; number++) {
			String name = "%02d_effect.sql".formatted(number);
			String insert = "insert into effects (migration) values (" + number + ");";
			switch (number % 3) {
				case 0 -> migrations.add(name, insert);
				case 1 -> migrations.add(name, "create table t" + number + " (a int primary key);\n" + insert);
				default -> migrations.addWithoutTransaction(name, insert);
			}
		}
		GaleraCluster cluster = GaleraCluster.shared();
		List<ChildJvm> processes = new ArrayList<>();
		try (TestDatabase database = cluster.create()) {
			for (int number = 1; number <= replicas; number++) {
				processes.add(MigrateProcess.start(cluster.on(database, 1 + number % 2), migrations, "replica"));
			}
			for (ChildJvm process : processes) {
				assertThat(process.awaitExit(PATIENCE)).as(process::output).isZero();
			}
			TestDatabase upToDate = cluster.upToDate(database);
			assertThat(upToDate.jdbc().queryForList("select migration from effects order by migration", Integer.class))
				.containsExactlyElementsOf(IntStream.rangeClosed(1, count).boxed().toList());
			assertThat(upToDate.versions()).hasSize(count);
		}
		finally {
			processes.forEach(ChildJvm::close);
		}
	}

	@Test
	void ownConnectionMayLeadToAnotherNode() {
		GaleraCluster cluster = GaleraCluster.shared();
		MigrationFolder migrations = new MigrationFolder(this.folder).add("1_table.sql", "create table t (a integer);");
		try (TestDatabase database = cluster.create()) {
			List<String> urls = Stream.of(2, 1).map((node) -> cluster.on(database, node).url()).toList();
			AtomicInteger opened = new AtomicInteger();
			MigrationConnections balanced = new MigrationConnections() {

				@Override
				public Connection borrow() throws SQLException {
					return open(Map.of()).orElseThrow();
				}

				@Override
				public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
					return database.at(urls.get(opened.getAndIncrement() % 2)).connections().open(driverProperties);
				}

			};
			MigrationReport report = new Migrator(migrations.source(), balanced, settings()).migrate();
			assertThat(report.applied()).containsExactly("1");
			// The application's, the run's own, and what renews the lease
			assertThat(opened).hasValue(3);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MYSQL", "MARIADB" })
	void isRenewedInTheRoleOfTheInitSql(TestServer server, CapturedOutput output) throws Exception {
		boolean postgres = server == TestServer.POSTGRES_EMBEDDED;
		MigrationFolder migrations = new MigrationFolder(this.folder).add("1_slow.sql",
				"create table t (a integer);\n" + (postgres ? "select pg_sleep(12);" : "do sleep(12);"));
		try (TestDatabase database = server.create()) {
			String user = database.createUserWithoutRights();
			String role = "owner_" + database.name();
			if (postgres) {
				database.execute("create role " + role, "grant create on schema public to " + role,
						"alter role " + user + " noinherit", "grant " + role + " to " + user);
			}
			else {
				database.execute("create role " + role, "grant all on " + database.name() + ".* to " + role,
						"grant " + role + " to " + user + "@'%'");
			}
			try {
				MigratorSettings settings = settings()
					.withConnect(ConnectSettings.defaults().withInitSql("set role " + role));
				List<Migrator> both = Stream.of(1, 2)
					.map((number) -> new Migrator(migrations.source(), database.as(user, "secret").connections(),
							settings))
					.toList();
				List<CompletableFuture<MigrationReport>> runs = both.stream()
					.map((migrator) -> CompletableFuture.supplyAsync(migrator::migrate))
					.toList();
				List<String> applied = new ArrayList<>();
				for (CompletableFuture<MigrationReport> run : runs) {
					applied.addAll(run.get(60, TimeUnit.SECONDS).applied());
				}
				assertThat(applied).containsExactly("1");
				assertThat(output).doesNotContain("could not be renewed", "Took the migration lock over");
			}
			finally {
				database.execute(postgres ? "drop owned by " + role : "do 0", "drop role " + role);
			}
		}
	}

	@Test
	void deadHolderIsReplacedOverASlowLink(CapturedOutput output) {
		MigrationFolder migrations = new MigrationFolder(this.folder).add("1_table.sql", "create table t (a integer);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				CountingProxy slow = CountingProxy.to(database.url(), 1200)) {
			migrator(database, migrations).migrate();
			database.execute("update schema_migrations_lock set owner = 'dead', token = token + 1, beat = beat + 1");
			migrations.add("2_table.sql", "create table u (a integer);");
			TestDatabase far = database.at(slow.url(database.url()));
			assertThat(migrator(far, migrations).migrate().applied()).containsExactly("2");
			assertThat(output).contains("Took the migration lock over from dead");
		}
	}

	@Test
	void nodeWithoutQuorumIsNamed() {
		GaleraCluster cluster = GaleraCluster.shared();
		MigrationFolder migrations = new MigrationFolder(this.folder).add("1_table.sql", "create table t (a integer);");
		try (TestDatabase database = cluster.create()) {
			cluster.isolateSecond(true);
			try {
				assertThatExceptionOfType(DatabaseAccessException.class)
					.isThrownBy(() -> migrator(cluster.on(database, 2), migrations).migrate())
					.withMessageContaining("node of the Galera cluster is cut off")
					.withMessageContaining("wsrep_cluster_status");
			}
			finally {
				cluster.isolateSecond(false);
			}
		}
	}

	private static void awaitRunning(TestDatabase database, String statement) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> database.jdbc()
				.queryForObject("select count(*) from information_schema.processlist where info = ?", Integer.class,
						statement) == 1);
	}

	private static Migrator migrator(TestDatabase database, MigrationFolder migrations) {
		return new Migrator(migrations.source(), database.connections(), settings());
	}

	private static MigratorSettings settings() {
		LockSettings lock = LockSettings.defaults()
			.withStrategy(LockChoice.LEASE)
			.withLeaseDuration(Duration.ofSeconds(5));
		return MigratorSettings.defaults(Instance.current("test")).withLock(lock);
	}

}
