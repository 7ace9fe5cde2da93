package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.failure.TrafficBlockedException;
import io.github.migrateboot.history.JournalEntry;
import io.github.migrateboot.settings.BlockingSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import io.github.migrateboot.testing.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * A migration that keeps the application's traffic waiting on MySQL and MariaDB.
 */
@ExtendWith(OutputCaptureExtension.class)
class MySqlFuseTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final BlockingSettings LIMITED = new BlockingSettings(Duration.ofMillis(400), Duration.ofSeconds(1),
			Duration.ofMinutes(5));

	private static final String INSERT = "insert into t (a) values (0)";

	/** With indexes, so that it takes its time. */
	private static final String COPY = "alter table t modify a bigint, add index (b), add index (b, a), algorithm=copy, lock=shared;";

	private static final String BLIND = "shows only the sessions of the same user that wait for a table";

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private MigrationReport migrate(TestDatabase database, BlockingSettings blocking) {
		return assertTimeoutPreemptively(PATIENCE,
				() -> new Migrator(folder().source(), database.connections(),
						MigratorSettings.defaults(Instance.current("fuse"))
							.withStatement(StatementSettings.defaults().withBlocking(blocking)))
					.migrate());
	}

	private static TestDatabase create(TestServer server, int doublings) {
		TestDatabase database = server.create();
		database.execute("create table t (id integer auto_increment primary key, a integer, b varchar(250))",
				"insert into t (a, b) values (1, repeat('x', 250))");
		for (int doubling = 0; doubling < doublings; doubling++) {
			database.execute("insert into t (a, b) select a, b from t");
		}
		return database;
	}

	/**
	 * Return the database as a user who may do everything in it and see nothing else.
	 */
	private static TestDatabase plain(TestDatabase database) {
		String user = database.createUserWithoutRights();
		database.execute("grant all on " + database.name() + ".* to " + user + "@'%'");
		return database.as(user, "secret");
	}

	private static String definition(TestDatabase database) {
		return String.valueOf(database.jdbc().queryForMap("show create table t").get("Create Table"))
			.replaceAll("AUTO_INCREMENT=\\d+", "");
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void endsACopyThatBlocksSessionsOfTheSameUser(TestServer server, CapturedOutput output) {
		folder().add("1_first.sql", "create table first (a integer);\n" + COPY);
		try (TestDatabase database = create(server, 17)) {
			TestDatabase plain = plain(database);
			String before = definition(database);
			try (Traffic traffic = new Traffic(plain, 2, INSERT)) {
				assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(plain, LIMITED))
					.withMessageContaining("It was tried 2 times in ")
					.withMessageContaining("It was cancelled because it kept ")
					.withMessageContaining("(migrate.statement.max-blocking is 0.4 s)")
					.withMessageContaining("Statements 1 to 1 have taken effect and stay");
				assertThat(traffic.failures()).isEmpty();
				assertThat(traffic.executed()).isGreaterThan(5);
			}
			assertThat(definition(database)).isEqualTo(before);
			assertThat(database.jdbc()
				.queryForObject("select error from schema_migrations_journal where version = '1'", String.class))
				.startsWith(JournalEntry.BLOCKED_TRAFFIC);
			assertThat(database.versions()).isEmpty();
			assertThatExceptionOfType(TrafficBlockedException.class).isThrownBy(() -> migrate(plain, LIMITED))
				.withMessageContaining("1_first.sql was given up by ");
			database.execute("update schema_migrations_journal set finished_at = finished_at - interval 301 second");
			assertThat(migrate(plain, LIMITED).applied()).containsExactly("1");
			assertThat(output.getOut().split(BLIND)).hasSizeGreaterThan(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL" })
	void unlocksTablesThatBlockForTooLong(TestServer server) {
		folder().addWithoutTransaction("1_lock.sql",
				"lock tables t write, t as x write, t as y write;\nupdate t set a = 2;\n"
						+ "select count(*) from t x, t y where x.b <> concat(y.b, x.id);\nunlock tables;");
		try (TestDatabase database = create(server, 14)) {
			TestDatabase plain = plain(database);
			try (Traffic traffic = new Traffic(plain, 2, "select a from t limit 1")) {
				assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(plain, LIMITED))
					.withMessageContaining("It was cancelled because it kept ");
				assertThat(traffic.longest()).isLessThan(Duration.ofSeconds(15));
				assertThat(traffic.failures()).isEmpty();
				assertThat(database.versions()).isEmpty();
			}
		}
	}

	@Test
	void seesWhomItBlocksIfItMayReadTheLocks(CapturedOutput output) {
		folder().add("1_copy.sql", COPY);
		try (TestDatabase database = create(TestServer.MYSQL, 17)) {
			TestDatabase plain = plain(database);
			database.execute("grant select on performance_schema.* to " + plain.user() + "@'%'");
			try (Traffic traffic = new Traffic(database, 2, INSERT)) {
				assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(() -> migrate(plain, LIMITED))
					.withMessageContaining("It was cancelled because it kept ")
					.withMessageContaining(" (root@")
					.withMessageContaining(", waits for SHARED_WRITE on t)");
				assertThat(traffic.failures()).isEmpty();
			}
			assertThat(output).doesNotContain(BLIND);
		}
	}

	@Test
	void saysThatOtherUsersAreNotSeen(CapturedOutput output) {
		folder().add("1_copy.sql", COPY);
		try (TestDatabase database = create(TestServer.MYSQL, 17); Traffic traffic = new Traffic(database, 2, INSERT)) {
			assertThat(migrate(plain(database), LIMITED).applied()).containsExactly("1");
			assertThat(traffic.failures()).isEmpty();
			assertThat(output.getOut().split(BLIND)).hasSize(2);
		}
	}

	@Test
	void otherInstancesThatWaitForTheirTurnAreNoVictims() {
		folder().add("1_long.sql", "insert into t (a) select sleep(3) from t limit 1;");
		try (TestDatabase database = create(TestServer.MYSQL, 1)) {
			List<CompletableFuture<MigrationReport>> runs = List.of(
					CompletableFuture.supplyAsync(() -> migrate(database, LIMITED)),
					CompletableFuture.supplyAsync(() -> migrate(database, LIMITED)));
			assertThat(runs.stream().map(CompletableFuture::join).map(MigrationReport::applied).flatMap(List::stream))
				.containsExactly("1");
			assertThat(runs.stream().map(CompletableFuture::join).mapToInt(MigrationReport::retries).sum()).isZero();
		}
	}

}
