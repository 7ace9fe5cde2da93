package io.github.migrateboot.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.Server;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.lock.LockRequest;
import io.github.migrateboot.lock.LockStrategies;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.TestDatabase;

/**
 * Finds out whether the lock is free by taking it. A lease is free only for one who has
 * looked at it for long enough, so all looks must be the same probe's.
 */
final class LockProbe implements AutoCloseable {

	private final Connection connection;

	private final LockStrategy strategy;

	LockProbe(TestDatabase database) throws SQLException {
		this.connection = database.connect();
		Database kind = Databases.detect(this.connection);
		TableName table = kind.resolve(kind.parseTableName("schema_migrations"), this.connection);
		Server server = Databases.probe(this.connection);
		Instance instance = Instance.current("probe");
		if (server.database().hasSeveralWriters()) {
			server.database().sessions().prepare(this.connection, instance);
		}
		this.strategy = LockStrategies.choose(LockChoice.AUTO, new LockRequest(server, this.connection,
				database::connect, table, null, MigrateProcess.LEASE_DURATION, instance));
	}

	boolean isFree() {
		try {
			Optional<MigrationLock> lock = this.strategy.tryAcquire(Duration.ZERO);
			lock.ifPresent(MigrationLock::close);
			return lock.isPresent();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() throws SQLException {
		this.strategy.close();
		this.connection.close();
	}

}
