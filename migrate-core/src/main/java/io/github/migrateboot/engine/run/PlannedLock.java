package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.migrateboot.database.Server;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.lock.LockRequest;
import io.github.migrateboot.lock.LockStrategy;
import io.github.migrateboot.lock.LockStrategyFactory;
import io.github.migrateboot.settings.MigratorSettings;
import org.jspecify.annotations.Nullable;

/**
 * The lock that a run would take.
 *
 * @param description what it is and why, or {@code null} if there can be none
 * @param holder who holds it at this moment, or {@code null}
 */
record PlannedLock(@Nullable String description, @Nullable LockHolder holder) {

	/**
	 * Ask about the lock without taking it.
	 */
	static PlannedLock ask(LockStrategyFactory locks, MigratorSettings settings, Server server, Connection connection,
			TableName table, Refusals refusals) throws SQLException {
		LockRequest request = new LockRequest(server, connection, () -> {
			throw new SQLException("A plan opens no other connection");
		}, table, settings.lock().name(), settings.lock().leaseDuration(), settings.instance());
		try (LockStrategy strategy = locks.create(settings.lock().strategy(), request)) {
			return new PlannedLock(strategy.describe(), strategy.peek().orElse(null));
		}
		catch (MigrationException ex) {
			refusals.add(ex);
			return new PlannedLock(null, null);
		}
	}

}
