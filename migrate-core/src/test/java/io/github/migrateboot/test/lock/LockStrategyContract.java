package io.github.migrateboot.test.lock;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.lock.LockRequest;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.MigrationLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What {@link LockStrategy} promises, as tests: of any number of sessions at most one
 * holds the lock, a failed try leaves nothing behind, the lock is free when its holder is
 * gone, and whoever has lost it is told. Extend it for a strategy of your own; the
 * product's strategies extend it too.
 * <p>
 * What it cannot try: a holder whose process is killed or frozen while a statement runs.
 */
public abstract class LockStrategyContract {

	private static final String TABLE = "schema_migrations";

	private final List<Contestant> contestants = new CopyOnWriteArrayList<>();

	/**
	 * Let an instance enter that wants the lock, with a new migrating connection to the
	 * database of the present test method.
	 * @param table the history table
	 * @param name the configured lock name, or {@code null} to derive it
	 * @return the instance, which the contract closes
	 * @throws SQLException if the database can't be reached
	 */
	protected abstract Contestant enter(String table, @Nullable String name) throws SQLException;

	/**
	 * Take the lock away from its holder, while its migrating connection lives on.
	 * @param holder the holder
	 * @throws SQLException if that fails
	 */
	protected abstract void takeAway(Contestant holder) throws SQLException;

	/**
	 * Check that a contestant that did not get the lock has no transaction, no snapshot
	 * and no lock of a table.
	 * @param contestant the contestant
	 * @throws SQLException if the server can't be asked
	 */
	protected abstract void verifyNothingLeftBehind(Contestant contestant) throws SQLException;

	/**
	 * Return whether {@link MigrationLock#condition()} can tell that the lock is lost, or
	 * only {@link MigrationLock#verify()}.
	 * @return whether the condition tells
	 */
	protected boolean doesConditionTell() {
		return true;
	}

	/**
	 * Return whether another may take a lock that was taken away while the connection
	 * that migrated under it lives on.
	 * @return whether it is free
	 */
	protected boolean isFreeWhenTakenAway() {
		return true;
	}

	/**
	 * Return how long after the end of its holder's connections the lock may be taken.
	 * @return the time; 30 seconds
	 */
	protected Duration patience() {
		return Duration.ofSeconds(30);
	}

	/**
	 * Return what a strategy is made from, with a new migrating connection.
	 * @param connections opens a connection to the database
	 * @param table the history table
	 * @param name the configured lock name, or {@code null} to derive it
	 * @return the request
	 * @throws SQLException if the database can't be reached
	 */
	protected static LockRequest request(ConnectionOpener connections, String table, @Nullable String name)
			throws SQLException {
		Connection connection = connections.open();
		Database database = Databases.detect(connection);
		TableName resolved = database.resolve(database.parseTableName(table), connection);
		return new LockRequest(Databases.probe(connection), connection, connections, resolved, name,
				Duration.ofSeconds(30), Instance.current("contract"));
	}

	@AfterEach
	void closeContestants() throws SQLException {
		for (Contestant contestant : this.contestants) {
			contestant.close();
		}
	}

	private Contestant enter() throws SQLException {
		return enterAs(TABLE, null);
	}

	private Contestant enterAs(String table, @Nullable String name) throws SQLException {
		Contestant contestant = enter(table, name);
		this.contestants.add(contestant);
		return contestant;
	}

	private static boolean holds(Contestant contestant, MigrationLock lock) throws SQLException {
		try (Statement statement = contestant.request().connection().createStatement();
				ResultSet row = statement.executeQuery("SELECT CASE WHEN " + lock.condition() + " THEN 1 ELSE 0 END")) {
			return row.next() && row.getInt(1) == 1;
		}
	}

	@Test
	void isHeldByOneAndFreeAfterRelease() throws SQLException {
		Contestant one = enter();
		Contestant other = enter();
		MigrationLock lock = one.tryAcquire().orElseThrow();
		assertThat(holds(one, lock)).isTrue();
		lock.verify();
		assertThat(other.tryAcquire()).isEmpty();
		assertThat(other.tryAcquire()).isEmpty();
		lock.close();
		try (MigrationLock next = other.acquire(patience())) {
			assertThat(holds(other, next)).isTrue();
			assertThat(one.tryAcquire()).isEmpty();
		}
		one.acquire(patience()).close();
	}

	@Test
	void oneOfManyThreadsHoldsIt() throws Exception {
		int threads = 8;
		int cycles = 25;
		int[] unsynchronized = new int[1];
		AtomicInteger inside = new AtomicInteger();
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		List<Future<?>> futures = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			Contestant contestant = enter();
			futures.add(executor.submit(() -> {
				for (int cycle = 0; cycle < cycles; cycle++) {
					try (MigrationLock lock = contestant.acquire(Duration.ofSeconds(60))) {
						int seen = unsynchronized[0];
						assertThat(inside.incrementAndGet()).isOne();
						lock.verify();
						inside.decrementAndGet();
						unsynchronized[0] = seen + 1;
					}
				}
				return null;
			}));
		}
		try {
			for (Future<?> future : futures) {
				future.get(120, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(unsynchronized[0]).isEqualTo(threads * cycles);
	}

	@Test
	void lossIsFoundOut() throws SQLException {
		Contestant contestant = enter();
		MigrationLock lock = contestant.tryAcquire().orElseThrow();
		takeAway(contestant);
		assertThatExceptionOfType(LockLostException.class).isThrownBy(lock::verify);
		if (doesConditionTell()) {
			assertThat(holds(contestant, lock)).isFalse();
		}
		assertThatCode(lock::close).doesNotThrowAnyException();
	}

	@Test
	void lossIsFoundOutWhenAnotherHoldsTheLock() throws SQLException {
		Contestant contestant = enter();
		MigrationLock lock = contestant.tryAcquire().orElseThrow();
		takeAway(contestant);
		Optional<MigrationLock> taken = enter().tryAcquire();
		assertThat(taken.isPresent()).isEqualTo(isFreeWhenTakenAway());
		assertThatExceptionOfType(LockLostException.class).isThrownBy(lock::verify);
		if (doesConditionTell()) {
			assertThat(holds(contestant, lock)).isFalse();
		}
		lock.close();
		if (taken.isPresent()) {
			taken.get().verify();
		}
	}

	@Test
	void releaseDoesNotFailWhenTheConnectionIsGone() throws SQLException {
		Contestant contestant = enter();
		MigrationLock lock = contestant.tryAcquire().orElseThrow();
		contestant.close();
		assertThatCode(lock::close).doesNotThrowAnyException();
	}

	@Test
	void isFreeWhenTheHoldersConnectionsEnd() throws SQLException {
		Contestant holder = enter();
		holder.tryAcquire().orElseThrow();
		Contestant other = enter();
		assertThat(other.tryAcquire()).isEmpty();
		holder.close();
		try (MigrationLock lock = other.acquire(patience())) {
			assertThat(holds(other, lock)).isTrue();
		}
	}

	@Test
	void otherTablesAreNotBlocked() throws SQLException {
		Contestant there = enterAs("other_migrations", null);
		try (MigrationLock one = enter().tryAcquire().orElseThrow();
				MigrationLock other = there.tryAcquire().orElseThrow()) {
			one.verify();
			other.verify();
		}
	}

	@Test
	void configuredNameReplacesTheTable() throws SQLException {
		String name = "Shared \"lock\" / 'ü'";
		Contestant second = enterAs("other_migrations", name);
		try (MigrationLock one = enterAs(TABLE, name).tryAcquire().orElseThrow();
				MigrationLock derived = enter().tryAcquire().orElseThrow();
				MigrationLock named = enterAs(TABLE, "another").tryAcquire().orElseThrow()) {
			assertThat(second.tryAcquire()).isEmpty();
			one.verify();
			derived.verify();
			named.verify();
		}
		second.acquire(patience()).close();
	}

	@Test
	void failedTryLeavesNothingBehind() throws SQLException {
		enter().tryAcquire().orElseThrow();
		Contestant waiter = enter();
		for (int i = 0; i < 3; i++) {
			assertThat(waiter.tryAcquire()).isEmpty();
			verifyNothingLeftBehind(waiter);
		}
		waiter.strategy().holder();
		verifyNothingLeftBehind(waiter);
	}

}
