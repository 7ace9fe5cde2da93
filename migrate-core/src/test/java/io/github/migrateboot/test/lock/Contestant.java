package io.github.migrateboot.test.lock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

import io.github.migrateboot.lock.LockRequest;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.LockWaiter;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.lock.StopSignal;

/**
 * An instance that wants the lock. Closing it closes the strategy and then the migrating
 * connection.
 *
 * @param request what its strategy was made from; the connection is its own
 * @param strategy its strategy
 */
public record Contestant(LockRequest request, LockStrategy strategy) implements AutoCloseable {

	Optional<MigrationLock> tryAcquire() throws SQLException {
		return this.strategy.tryAcquire(Duration.ZERO);
	}

	MigrationLock acquire(Duration timeout) throws SQLException {
		return new LockWaiter(this.strategy, timeout, Duration.ofMillis(5), Duration.ofSeconds(5), new StopSignal())
			.await(() -> false, (holder) -> {
			})
			.orElseThrow();
	}

	@Override
	public void close() throws SQLException {
		this.strategy.close();
		this.request.connection().close();
	}

}
