package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The lock contract on MySQL and MariaDB, and what only matters there.
 */
@ExtendWith(OutputCaptureExtension.class)
abstract class MySqlLockContractTests extends LockContractTests {

	MySqlLockContractTests(TestServer server) {
		super(server, "session");
	}

	@Override
	void loseLock(Contender holder) throws SQLException {
		String function = holder.strategy.describe().replaceAll(".*(migrate:[0-9a-f]+).*", "RELEASE_LOCK('$1')");
		assertThat(Jdbc.value(holder.connection, "SELECT " + function)).isEqualTo("1");
	}

	@Override
	void assertLeavesNothingBehind(Contender contender) throws SQLException {
		assertHasNoTransaction(id(contender));
	}

	private void assertHasNoTransaction(long id) throws SQLException {
		try (Connection administrator = administrator()) {
			assertThat(Jdbc.value(administrator,
					"SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = ?", id))
				.isEqualTo("0");
		}
	}

	static long id(Contender contender) throws SQLException {
		return Long.parseLong(String.valueOf(Jdbc.value(contender.connection, "SELECT CONNECTION_ID()")));
	}

	@Test
	void blockedWaiterHoldsNothingAndIsWoken() throws Exception {
		database().execute("create table t (id int)");
		MigrationLock lock = contender().tryAcquire().orElseThrow();
		Contender waiter = contender();
		long id = id(waiter);
		ExecutorService executor = Executors.newSingleThreadExecutor();
		Future<Optional<MigrationLock>> blocked = executor
			.submit(() -> waiter.strategy.tryAcquire(Duration.ofSeconds(20)));
		awaitBlocked(id);
		assertHasNoTransaction(id);
		database().execute("alter table t add column name varchar(10)");
		assertThat(blocked).isNotDone();
		lock.close();
		blocked.get(3, TimeUnit.SECONDS).orElseThrow().close();
		executor.shutdown();
	}

	@Test
	void anAnswerThatIsNeitherYesNorNoIsAnError() throws Exception {
		contender().tryAcquire().orElseThrow();
		Contender waiter = contender();
		long id = id(waiter);
		ExecutorService executor = Executors.newSingleThreadExecutor();
		Future<?> blocked = executor.submit(() -> assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> waiter.strategy.tryAcquire(Duration.ofSeconds(20))));
		awaitBlocked(id);
		database().execute("kill query " + id);
		blocked.get(5, TimeUnit.SECONDS);
		executor.shutdown();
		assertThat(waiter.tryAcquire()).isEmpty();
	}

	@Test
	void blockedWaiterEndsAtOnceWhenTheApplicationShutsDown() throws Exception {
		contender().tryAcquire().orElseThrow();
		Contender waiter = contender();
		long id = id(waiter);
		ExecutorService executor = Executors.newSingleThreadExecutor();
		Future<?> blocked = executor.submit(() -> assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> waiter.strategy.tryAcquire(Duration.ofSeconds(60))));
		awaitBlocked(id);
		waiter.blocking().cancel();
		blocked.get(20, TimeUnit.SECONDS);
		executor.shutdown();
	}

	private void awaitBlocked(long id) {
		Awaitility.await()
			.until(() -> database().jdbc()
				.queryForObject(
						"select count(*) from information_schema.processlist where id = ? and state like 'User lock%'",
						Integer.class, id) == 1);
	}

	@Test
	void fractionsOfASecondAndNegativeTimesDoNotBlock() throws SQLException {
		contender().tryAcquire().orElseThrow();
		Contender waiter = contender();
		long start = System.nanoTime();
		assertThat(waiter.strategy.tryAcquire(Duration.ofMillis(900))).isEmpty();
		assertThat(waiter.strategy.tryAcquire(Duration.ofSeconds(-5))).isEmpty();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(800));
	}

	@Test
	void isFreeWhenTheHoldersSessionIsKilled() throws SQLException {
		Contender holder = contender();
		MigrationLock lock = holder.tryAcquire().orElseThrow();
		Contender other = contender();
		LockHolder seen = other.strategy.holder().orElseThrow();
		assertThat(other.advice().howToEnd(seen)).isEqualTo("end its session with KILL %d", id(holder));
		database().execute("kill " + seen.session());
		other.acquire().close();
		assertThatExceptionOfType(SQLException.class).isThrownBy(lock::verify);
		lock.close();
	}

	@Test
	void runningStatementOfTheHolderIsShown() throws Exception {
		Contender holder = contender();
		holder.tryAcquire().orElseThrow();
		Contender waiter = contender();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		Future<?> running = executor.submit(() -> {
			Jdbc.execute(holder.connection, "select sleep(2)");
			return null;
		});
		Awaitility.await().until(() -> "select sleep(2)".equals(waiter.strategy.holder().orElseThrow().statement()));
		running.get(10, TimeUnit.SECONDS);
		executor.shutdown();
	}

	@Test
	void waiterSaysHowToEndTheStatementOfAKilledProcess(CapturedOutput output) throws Exception {
		// Not SLEEP, during which MySQL does notice that its client has gone.
		String endless = "with d as (select 1 as x" + " union all select 1".repeat(9)
				+ ") select sum(a.x * b.x) from d a, d b, d c, d e, d f, d g, d h, d i, d j, d k, d l, d m";
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (ChildJvm child = ContenderProcess.executing(database(), LockChoice.AUTO, endless)) {
			child.awaitOutput("HOLDS THE LOCK", Duration.ofSeconds(30));
			Contender waiter = contender();
			Awaitility.await().until(() -> waiter.strategy.holder().orElseThrow().statement() != null);
			child.kill();
			String holder = String.valueOf(waiter.strategy.holder().orElseThrow().session());
			Future<Optional<MigrationLock>> waiting = executor
				.submit(() -> waiter.waiter(Duration.ofSeconds(60)).await(() -> false, (ignored) -> {
				}));
			String ifDead = "If that process is gone, the lock is free when this statement ends; KILL %s ends it"
				.formatted(holder);
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> output.getOut()
					.lines()
					.anyMatch((line) -> line.contains("running: with d as") && line.endsWith(ifDead)));
			assertThat(waiting).isNotDone();
			database().execute("KILL " + holder);
			waiting.get(30, TimeUnit.SECONDS).orElseThrow().close();
		}
		finally {
			executor.shutdown();
		}
	}

	@Test
	void nothingIsSaidAboutAHolderThatExecutesNothing() throws SQLException {
		Contender holder = contender();
		holder.tryAcquire().orElseThrow();
		Contender waiter = contender();
		assertThat(waiter.advice().whatIfDead(waiter.strategy.holder().orElseThrow())).isEmpty();
	}

	@Test
	void anotherAccountSeesTheId() throws SQLException {
		Contender holder = contender();
		holder.tryAcquire().orElseThrow();
		String user = database().createUserWithoutRights();
		try (Contender other = new Contender(database().url(), user, "secret", Contender.Options.DEFAULTS)) {
			assertThat(other.tryAcquire()).isEmpty();
			assertThat(other.strategy.holder()).hasValue(new LockHolder(Long.toString(id(holder)), null, null, null));
		}
	}

	@Test
	void namesFitTheServer() {
		String name = new LockKey("table\nOrders\n\n" + "t".repeat(200)).toName();
		assertThat(name).hasSizeLessThanOrEqualTo(64).isEqualTo(name.toLowerCase(Locale.ROOT));
		assertThat(new LockKey("table\norders\n\n" + "T".repeat(200)).toName()).isEqualTo(name);
	}

}
