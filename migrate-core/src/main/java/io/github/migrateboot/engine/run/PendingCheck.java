package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.connection.BorrowedConnection;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.ConnectionTarget;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.settings.MigratorSettings;
import org.jspecify.annotations.Nullable;

/**
 * What was seen before any lock.
 *
 * @param database the kind of database
 * @param files all migration files
 * @param table the history table as it is configured
 * @param history the history, or {@code null} if it could not be told yet
 * @param pending the files that are not applied
 * @param destination where the application's connection leads, or {@code null} if the run
 * uses that connection
 * @param driverProperties for connections of the run's own
 */
record PendingCheck(Database database, List<MigrationFile> files, TableName table, @Nullable HistorySnapshot history,
		List<MigrationFile> pending, @Nullable ConnectionTarget destination, Map<String, String> driverProperties) {

	/**
	 * Look on a connection that the application has anyway.
	 * @param open whether a connection of the run's own is needed even if nothing is
	 * pending
	 */
	static PendingCheck take(MigrationSource source, MigrationConnections connections, MigratorSettings settings,
			boolean open) {
		try (BorrowedConnection borrowed = BorrowedConnection.from(connections)) {
			return take(source, borrowed.connection(), settings, open);
		}
		catch (SQLException ex) {
			throw SqlErrors.access("looking for pending migrations", ex);
		}
	}

	private static PendingCheck take(MigrationSource source, Connection connection, MigratorSettings settings,
			boolean open) throws SQLException {
		Database database = Databases.detect(connection);
		List<MigrationFile> files = source.list(database.id());
		TableName table = database.parseTableName(settings.table());
		HistorySnapshot history = new History(database, table).readIfHere(connection).orElse(null);
		List<MigrationFile> pending = (history != null) ? new HistoryComparison(files, history).pending() : files;
		boolean own = (open || !pending.isEmpty()) && database.sessions().needOwnConnection(connection);
		ConnectionTarget destination = own ? database.sessions().target(connection) : null;
		Map<String, String> driverProperties = database.sessions()
			.driverProperties(settings.instance(), connection.getMetaData().getDriverName());
		return new PendingCheck(database, files, table, history, pending, destination, driverProperties);
	}

	/**
	 * Return the history, reading it if it could not be told before.
	 * @param connections where connections come from
	 */
	HistorySnapshot history(MigrationConnections connections) {
		return (this.history != null) ? this.history : read(connections);
	}

	/**
	 * Read the history again, with the place of the table resolved.
	 * @param connections where connections come from
	 * @throws DatabaseAccessException if there is no connection
	 */
	HistorySnapshot read(MigrationConnections connections) {
		try (BorrowedConnection borrowed = BorrowedConnection.from(connections)) {
			TableName resolved = this.database.resolve(this.table, borrowed.connection());
			return new History(this.database, resolved).read(borrowed.connection());
		}
		catch (SQLException ex) {
			throw SqlErrors.access("reading the history", ex);
		}
	}

}
