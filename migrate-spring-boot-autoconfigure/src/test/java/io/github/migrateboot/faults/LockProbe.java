package io.github.migrateboot.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.lock.LockRequest;
import io.github.migrateboot.lock.LockStrategies;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.testing.TestDatabase;

/**
 * Finds out whether the lock is free by taking it.
 */
final class LockProbe {

	private LockProbe() {
	}

	static boolean isFree(TestDatabase database) {
		try (Connection connection = database.connect()) {
			Database kind = Databases.detect(connection);
			TableName table = kind.resolve(kind.parseTableName("schema_migrations"), connection);
			LockRequest request = new LockRequest(kind.probe(connection), connection, database::connect, table, null,
					Duration.ofSeconds(30), Instance.current("probe"));
			try (LockStrategy strategy = LockStrategies.choose(LockChoice.AUTO, request)) {
				Optional<MigrationLock> lock = strategy.tryAcquire(Duration.ZERO);
				lock.ifPresent(MigrationLock::close);
				return lock.isPresent();
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
