package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The lock contract for {@link LeaseLock}, and what only matters there.
 */
abstract class LeaseContractTests extends LockContractTests {

	LeaseContractTests(TestServer server) {
		super(server, "lease");
	}

	@Override
	LockChoice choice() {
		return LockChoice.LEASE;
	}

	@Override
	Duration freeWithin() {
		// The answers of a busy machine may come late, and then the span begins anew.
		return Contender.LEASE_DURATION.multipliedBy(8);
	}

	/**
	 * As if another had taken the lock over and released it.
	 */
	@Override
	void loseLock(Contender holder) throws SQLException {
		Jdbc.execute(holder.connection,
				"UPDATE " + table(holder) + " SET owner = NULL, token = token + 2, beat = beat + 2");
	}

	private static String table(Contender contender) {
		return contender.request.server().database().quote(contender.request.table().with("_lock"));
	}

	@Override
	void assertLeavesNothingBehind(Contender contender) throws SQLException {
		// On the same node.
		try (Connection administrator = contender.request.more().open()) {
			assertThat(Jdbc.value(administrator, transactions(),
					Long.valueOf(String.valueOf(Jdbc.value(contender.connection, "SELECT " + sessionId())))))
				.isEqualTo("0");
		}
	}

	/**
	 * Return a query that counts the transactions of a session.
	 */
	String transactions() {
		return "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = ?";
	}

	String sessionId() {
		return "CONNECTION_ID()";
	}

	@Test
	void liveHolderIsNotTakenOver() throws SQLException {
		Contender holder = contender();
		Contender other = contender();
		try (MigrationLock lock = holder.tryAcquire().orElseThrow()) {
			long start = System.nanoTime();
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
				assertThat(other.tryAcquire()).isEmpty();
				return System.nanoTime() - start > Contender.LEASE_DURATION.multipliedBy(3).dividedBy(2).toNanos();
			});
			lock.verify();
		}
	}

	@Test
	void rowThatHasChangedSinceItWasSeenIsNotTaken() throws SQLException {
		Contender holder = contender();
		Contender other = contender();
		try (MigrationLock lock = holder.tryAcquire().orElseThrow()) {
			LeaseTable table = new LeaseTable(other.request);
			LeaseRow row = table.read(other.connection).orElseThrow();
			assertThat(table.renew(other.connection, row.token())).isTrue();
			assertThat(table.take(other.connection, row, "other")).isFalse();
			assertThat(other.connection.getAutoCommit()).isTrue();
			lock.verify();
			assertThat(table.renew(other.connection, row.token() - 1)).isFalse();
		}
	}

	@Test
	void fenceDoesNotHoldUpTheSignsOfLife() throws SQLException {
		Contender holder = contender();
		Contender other = contender();
		try (MigrationLock lock = holder.tryAcquire().orElseThrow()) {
			holder.connection.setAutoCommit(false);
			assertThat(fence(holder, lock)).isOne();
			LeaseTable table = new LeaseTable(other.request);
			long before = table.read(other.connection).orElseThrow().beat();
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> table.read(other.connection).orElseThrow().beat() > before + 1);
			holder.connection.rollback();
			holder.connection.setAutoCommit(true);
		}
	}

	@Test
	void fenceAndTakeOverExcludeEachOther() throws SQLException {
		Contender holder = contender();
		Contender other = contender();
		MigrationLock lock = holder.tryAcquire().orElseThrow();
		LeaseTable table = new LeaseTable(other.request);
		holder.connection.setAutoCommit(false);
		assertThat(fence(holder, lock)).isOne();
		boolean committed;
		boolean taken = takeOver(table, other);
		try {
			holder.connection.commit();
			committed = true;
		}
		catch (SQLException ex) {
			committed = false;
		}
		assertThat(committed).isNotEqualTo(taken);
		if (!taken) {
			assertThat(takeOver(table, other)).isTrue();
		}
		assertThat(fence(holder, lock)).isZero();
		holder.connection.rollback();
		holder.connection.setAutoCommit(true);
		assertThat(holds(holder, lock)).isFalse();
	}

	private static boolean takeOver(LeaseTable table, Contender other) {
		try {
			LeaseRow row = table.read(other.connection).orElseThrow();
			return table.take(other.connection, row, "other");
		}
		catch (SQLException ex) {
			assertThat(LeaseTable.isBusy(ex)).isTrue();
			return false;
		}
	}

	private static int fence(Contender holder, MigrationLock lock) throws SQLException {
		try (Statement statement = holder.connection.createStatement()) {
			return statement.executeUpdate(lock.fence().orElseThrow());
		}
	}

	@Test
	void beatFindsAnotherConnection() throws SQLException {
		List<Connection> opened = new CopyOnWriteArrayList<>();
		Contender holder = contender();
		LeaseLock lease = lease(holder, () -> {
			Connection connection = holder.request.more().open();
			opened.add(connection);
			return connection;
		});
		LeaseTable table = new LeaseTable(holder.request);
		try (lease; MigrationLock lock = lease.tryAcquire(Duration.ZERO).orElseThrow()) {
			opened.get(0).close();
			long before = table.read(holder.connection).orElseThrow().beat();
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> table.read(holder.connection).orElseThrow().beat() > before);
			assertThat(opened).hasSize(2);
			lock.verify();
		}
		assertThat(opened.get(1).isClosed()).isTrue();
	}

	@Test
	void secondConnectionThatCanNotBeOpenedLeavesTheLockFree() throws SQLException {
		LeaseLock lease = lease(contender(), () -> {
			throw new SQLException("none left");
		});
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> lease.tryAcquire(Duration.ZERO))
			.withMessage("none left");
		contender().tryAcquire().orElseThrow().close();
	}

	private static LeaseLock lease(Contender contender, ConnectionOpener more) {
		LockRequest request = contender.request;
		return new LeaseLock(new LockRequest(request.server(), request.connection(), more, request.table(), null,
				Contender.LEASE_DURATION, request.instance()));
	}

}
