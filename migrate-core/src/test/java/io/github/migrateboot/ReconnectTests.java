package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus.State;
import io.github.migrateboot.testing.CountingProxy;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.OwnServer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that a waiter whose connection is lost connects again and goes on waiting.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReconnectTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(MigrationConnections connections, Duration timeout) {
		return new Migrator(folder().source(), connections, MigratorSettings.defaults(Instance.current("reconnect"))
			.withLock(LockSettings.defaults().withTimeout(timeout).withReportInterval(Duration.ofSeconds(1))));
	}

	/**
	 * A migration that takes as long as a table says.
	 */
	private static String paced(TestServer server) {
		return server.name().startsWith("POSTGRES") ? "INSERT INTO t SELECT 1 FROM pace, pg_sleep(seconds);"
				: "SELECT SLEEP(seconds) FROM pace;\nINSERT INTO t VALUES (1);";
	}

	private static void awaitState(Migrator migrator, State state) {
		Awaitility.await()
			.atMost(LONG)
			.pollInterval(Duration.ofMillis(20))
			.until(() -> migrator.status().state() == state
					&& (state != State.WAITING || migrator.status().holder() != null));
	}

	/**
	 * A holder that is stopped in the end, and a waiter behind a proxy.
	 */
	private void whileWaiting(TestServer server, Duration timeout, Duration outage, Disturbance disturbance) {
		folder().add("1_a.sql", paced(server));
		try (TestDatabase database = server.create(); CountingProxy proxy = CountingProxy.to(database.url())) {
			database.execute("CREATE TABLE t (a integer)", "CREATE TABLE pace (seconds integer)",
					"INSERT INTO pace VALUES (3600)");
			Migrator holder = migrator(database.connections(), LONG);
			CompletableFuture<MigrationReport> holding = CompletableFuture.supplyAsync(holder::migrate);
			awaitState(holder, State.MIGRATING);
			Migrator waiter = migrator(database.at(proxy.url(database.url())).connections(), timeout);
			CompletableFuture<MigrationReport> waiting = CompletableFuture.supplyAsync(waiter::migrate);
			awaitState(waiter, State.WAITING);
			int before = proxy.connections();
			disturbance.disturb(proxy);
			if (outage.isZero()) {
				Awaitility.await().atMost(LONG).until(() -> proxy.connections() > before);
				awaitState(waiter, State.WAITING);
				assertThat(waiting).isNotDone();
				database.execute("UPDATE pace SET seconds = 0");
				holder.stop(Duration.ZERO);
				assertThat(waiting.orTimeout(60, TimeUnit.SECONDS).join().applied()).containsExactly("1");
				assertThat(database.jdbc().queryForList("SELECT a FROM t", Integer.class)).containsExactly(1);
			}
			else {
				assertThatExceptionOfType(CompletionException.class)
					.isThrownBy(() -> waiting.orTimeout(60, TimeUnit.SECONDS).join())
					.withCauseInstanceOf(DatabaseAccessException.class)
					.withMessageContaining("The connection was lost while the migration lock was waited for, and there"
							+ " was no other one for the rest of " + timeout.toSeconds() + ".0 s");
				holder.stop(Duration.ZERO);
			}
			assertThatExceptionOfType(CompletionException.class).isThrownBy(holding::join);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void waiterNoticesThatNothingArrivesAnyMore(TestServer server, CapturedOutput output) {
		whileWaiting(server, LONG, Duration.ZERO, CountingProxy::blackHole);
		assertThat(output).contains("No connection while waiting for the migration lock, for ")
			.contains("connecting again");
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void waiterConnectsAgainWhenItIsCutOff(TestServer server, CapturedOutput output) {
		whileWaiting(server, LONG, Duration.ZERO, (proxy) -> {
			proxy.refuse(true);
			proxy.cut();
			Awaitility.await().atMost(LONG).until(() -> output.toString().split("connecting again", -1).length > 2);
			proxy.refuse(false);
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB" })
	void waiterGivesUpWithinTheLocksTimeout(TestServer server) {
		whileWaiting(server, Duration.ofSeconds(5), LONG, (proxy) -> {
			proxy.refuse(true);
			proxy.cut();
		});
	}

	@ParameterizedTest
	@CsvSource({ "POSTGRES_EMBEDDED, false", "MARIADB, false", "MARIADB, true" })
	void serverIsRestartedWhileOneMigratesAndAnotherWaits(TestServer kind, boolean immediately) {
		folder().add("1_a.sql", paced(kind));
		OwnServer server = OwnServer.start(kind);
		try (TestDatabase database = server.create()) {
			database.execute("CREATE TABLE t (a integer)", "CREATE TABLE pace (seconds integer)",
					"INSERT INTO pace VALUES (3600)");
			Migrator holder = migrator(database.connections(), LONG);
			CompletableFuture<MigrationReport> holding = CompletableFuture.supplyAsync(holder::migrate);
			awaitState(holder, State.MIGRATING);
			Awaitility.await().atMost(LONG).until(() -> sleeping(database));
			Migrator waiter = migrator(database.connections(), LONG);
			CompletableFuture<MigrationReport> waiting = CompletableFuture.supplyAsync(waiter::migrate);
			awaitState(waiter, State.WAITING);
			database.execute("UPDATE pace SET seconds = 0");
			server.restart(immediately);
			assertThatExceptionOfType(CompletionException.class)
				.isThrownBy(() -> holding.orTimeout(60, TimeUnit.SECONDS).join())
				.withCauseInstanceOf(MigrationFailedException.class)
				.withMessageContaining(kind.name().startsWith("POSTGRES") ? "nothing of it has taken effect"
						: "The connection is gone, so whether the statement took effect is not known");
			assertThat(waiting.orTimeout(60, TimeUnit.SECONDS).join().applied()).containsExactly("1");
			assertThat(database.jdbc().queryForList("SELECT a FROM t", Integer.class)).containsExactly(1);
			assertThat(database.versions()).containsExactly("1");
		}
	}

	private static boolean sleeping(TestDatabase database) {
		return database.jdbc()
			.queryForObject(
					database.server().name().startsWith("POSTGRES")
							? "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
							: "SELECT count(*) FROM information_schema.processlist WHERE state = 'User sleep'",
					Integer.class) == 1;
	}

	/**
	 * What happens to a network.
	 */
	@FunctionalInterface
	private interface Disturbance {

		void disturb(CountingProxy proxy);

	}

}
