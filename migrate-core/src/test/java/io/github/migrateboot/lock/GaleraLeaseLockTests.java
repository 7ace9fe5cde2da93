package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.GaleraCluster;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LeaseLock} with contenders on both nodes of a Galera cluster; skipped
 * where there is none.
 */
class GaleraLeaseLockTests extends LeaseContractTests {

	private final GaleraCluster cluster = GaleraCluster.shared();

	private final AtomicInteger clients = new AtomicInteger();

	GaleraLeaseLockTests() {
		super(TestServer.MARIADB);
	}

	@Override
	TestDatabase newDatabase() {
		return this.cluster.create();
	}

	@Override
	LockChoice choice() {
		return LockChoice.AUTO;
	}

	@Override
	TestDatabase client(TestDatabase database) {
		return this.cluster.on(database, 1 + this.clients.getAndIncrement() % 2);
	}

	@Test
	void sessionIsRefused() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> Contender.on(database(), Contender.Options.DEFAULTS.withChoice(LockChoice.SESSION)))
			.withMessage("migrate.lock.strategy is session, which MariaDB can't do on a Galera cluster: GET_LOCK is "
					+ "local to a node, so two instances connected to two nodes would migrate at once. Set it to auto, "
					+ "lease or none.");
	}

	/**
	 * What the second node has committed is not known to the first yet, because DDL holds
	 * it up there.
	 */
	@Test
	void takeOverThatHasNotArrivedYetPreventsTheRecord() throws Exception {
		database().execute("create table record (id int primary key)");
		Contender holder = Contender.on(this.cluster.on(database(), 1));
		Contender other = Contender.on(this.cluster.on(database(), 2));
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (holder; other; SlowStatement slow = new SlowStatement(1)) {
			MigrationLock lock = holder.tryAcquire().orElseThrow();
			holder.connection.setAutoCommit(false);
			Jdbc.execute(holder.connection, lock.fence().orElseThrow());
			Jdbc.execute(holder.connection, "insert into record values (1)");
			Jdbc.execute(other.connection, slow.sql());
			LeaseTable table = new LeaseTable(other.request);
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.ignoreExceptionsInstanceOf(SQLException.class)
				.until(() -> table.take(other.connection, table.read(other.connection).orElseThrow(), "other"));
			Future<Boolean> committed = executor.submit(() -> {
				try {
					holder.connection.commit();
					return true;
				}
				catch (SQLException ex) {
					return !LeaseTable.isBusy(ex);
				}
			});
			awaitTime(Duration.ofMillis(500));
			slow.end();
			assertThat(committed.get(30, TimeUnit.SECONDS)).isFalse();
			assertThat(this.cluster.upToDate(database()).jdbc().queryForList("select id from record")).isEmpty();
		}
		executor.shutdown();
	}

	@Test
	void releaseAfterATransactionThatTheClusterHasRolledBack() throws SQLException {
		database().execute("create table t (id int primary key, n int)", "insert into t values (1, 0)");
		Contender holder = Contender.on(this.cluster.on(database(), 1));
		Contender other = Contender.on(this.cluster.on(database(), 2));
		try (holder; other) {
			MigrationLock lock = holder.tryAcquire().orElseThrow();
			holder.connection.setAutoCommit(false);
			Jdbc.execute(holder.connection, "update t set n = 1");
			Jdbc.execute(other.connection, "update t set n = 2");
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.until(() -> database().jdbc().queryForObject("select n from t", Integer.class) == 2);
			lock.close();
			assertThat(holder.connection.getAutoCommit()).isTrue();
			other.tryAcquire().orElseThrow().close();
		}
	}

	@Test
	void deadHolderIsTakenOverWhenItsStatementHasEnded() throws Exception {
		Contender other = Contender.on(this.cluster.on(database(), 2));
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (other;
				SlowStatement slow = new SlowStatement(1, 2);
				ChildJvm child = ContenderProcess.executing(this.cluster.on(database(), 1), LockChoice.AUTO,
						slow.sql())) {
			child.awaitOutput("HOLDS THE LOCK", Duration.ofSeconds(30));
			slow.awaitRunning();
			child.kill();
			Future<MigrationLock> waiting = executor.submit(other::acquire);
			awaitTime(Contender.LEASE_DURATION.multipliedBy(3).dividedBy(2));
			assertThat(waiting).isNotDone();
			assertThat(slow.isRunning()).isTrue();
			slow.end();
			MigrationLock lock = waiting.get(60, TimeUnit.SECONDS);
			assertThat(slow.isRunning()).isFalse();
			lock.verify();
			lock.close();
		}
		executor.shutdown();
	}

	@Test
	void liveHolderIsNotTakenOverInAStatementThatIsFourTimesAsLongAsTheLease() throws Exception {
		Contender holder = Contender.on(this.cluster.on(database(), 1));
		Contender other = Contender.on(this.cluster.on(database(), 2));
		ExecutorService executor = Executors.newFixedThreadPool(2);
		try (holder; other; SlowStatement slow = new SlowStatement(1, 2)) {
			MigrationLock lock = holder.tryAcquire().orElseThrow();
			LeaseTable table = new LeaseTable(holder.request);
			Future<?> running = executor.submit(() -> {
				Jdbc.execute(holder.connection, slow.sql());
				return null;
			});
			slow.awaitRunning();
			Future<MigrationLock> waiting = executor.submit(other::acquire);
			awaitTime(Contender.LEASE_DURATION.multipliedBy(4));
			assertThat(slow.isRunning()).isTrue();
			slow.end();
			running.get(30, TimeUnit.SECONDS);
			lock.verify();
			long before = table.read(holder.connection).orElseThrow().beat();
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> table.read(holder.connection).orElseThrow().beat() > before);
			lock.verify();
			assertThat(waiting).isNotDone();
			lock.close();
			waiting.get(30, TimeUnit.SECONDS).close();
		}
		executor.shutdown();
	}

	@Test
	void stoppedWaiterDoesNotWaitForTheAnswersThatDdlHoldsUp() throws Exception {
		Contender holder = Contender.on(this.cluster.on(database(), 1));
		Contender other = Contender.on(this.cluster.on(database(), 2));
		ExecutorService executor = Executors.newFixedThreadPool(2);
		try (holder; other; SlowStatement slow = new SlowStatement(1, 2)) {
			// Later it would have to wait, too.
			String session = Jdbc.value(other.connection, "select connection_id()");
			holder.tryAcquire().orElseThrow();
			Future<?> running = executor.submit(() -> {
				Jdbc.execute(holder.connection, slow.sql());
				return null;
			});
			slow.awaitRunning();
			StopSignal signal = new StopSignal();
			Future<?> waiting = executor.submit(() -> new LockWaiter(other.strategy, Duration.ofSeconds(60),
					Duration.ofMillis(5), Duration.ofSeconds(60), signal)
				.await(() -> false, (ignored) -> {
				}));
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> asksFor(session, 2));
			long start = System.nanoTime();
			signal.stop();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> waiting.get(60, TimeUnit.SECONDS))
				.withCauseInstanceOf(InterruptedMigrationException.class)
				.withMessageContaining("because the application is shutting down");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
			assertThat(slow.isRunning()).isTrue();
			slow.end();
			running.get(60, TimeUnit.SECONDS);
		}
		executor.shutdown();
	}

	private boolean asksFor(String session, int seconds) throws SQLException {
		try (Connection connection = this.cluster.on(database(), 2).connect()) {
			return Jdbc.isTrue(connection, "exists (select 1 from information_schema.processlist where id = " + session
					+ " and command in ('Query', 'Execute') and time >= " + seconds + ")");
		}
	}

	private static void awaitTime(Duration time) {
		long start = System.nanoTime();
		Awaitility.await().atMost(time.plusSeconds(30)).until(() -> System.nanoTime() - start > time.toNanos());
	}

	/**
	 * DDL that runs on some nodes until it is ended: it waits for a table that a session
	 * of each node has locked, which stops the cluster as any DDL does.
	 */
	private final class SlowStatement implements AutoCloseable {

		private final List<Connection> sessions = new ArrayList<>();

		SlowStatement(int... nodes) throws SQLException {
			database().execute("create table slow (id int primary key)");
			for (int node : nodes) {
				Connection session = GaleraLeaseLockTests.this.cluster.on(database(), node).connect();
				this.sessions.add(session);
				Jdbc.execute(session, "set session wsrep_sync_wait = 15");
				Jdbc.execute(session, "lock tables slow read");
			}
		}

		String sql() {
			return "alter table slow add column a int";
		}

		void awaitRunning() {
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(this::isRunning);
		}

		boolean isRunning() throws SQLException {
			try (Connection connection = database().connect()) {
				return !"0".equals(Jdbc.value(connection,
						"select count(*) from information_schema.processlist where info like 'alter table slow%'"));
			}
		}

		@Override
		public void close() throws SQLException {
			end();
		}

		void end() throws SQLException {
			for (Connection session : this.sessions) {
				session.close();
			}
		}

	}

}
