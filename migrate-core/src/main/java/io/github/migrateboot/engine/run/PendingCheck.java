package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
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
import io.github.migrateboot.history.FoundHistory;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.HistoryLocator;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.ReadGuard;
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
 * @param found the history, or {@code null} if it could not be told yet
 * @param pending the files that are not applied
 * @param destination where the application's connection leads, or {@code null} if the run
 * uses that connection
 * @param driverProperties for connections of the run's own
 */
record PendingCheck(Database database, List<MigrationFile> files, TableName table, @Nullable FoundHistory found,
		List<MigrationFile> pending, @Nullable ConnectionTarget destination, Map<String, String> driverProperties) {

	/**
	 * Look on a connection that the application has anyway.
	 * @param guard through which the history is read
	 * @param open whether a connection of the run's own is needed even if nothing is
	 * pending
	 */
	static PendingCheck take(MigrationSource source, MigrationConnections connections, MigratorSettings settings,
			ReadGuard guard, boolean open) {
		try (BorrowedConnection borrowed = BorrowedConnection.from(connections)) {
			return take(source, borrowed.connection(), settings, guard, open);
		}
		catch (SQLException ex) {
			throw SqlErrors.access("looking for pending migrations", ex);
		}
	}

	private static PendingCheck take(MigrationSource source, Connection connection, MigratorSettings settings,
			ReadGuard guard, boolean open) throws SQLException {
		Database database = Databases.detect(connection);
		List<MigrationFile> files = source.list(database.id());
		TableName table = database.parseTableName(settings.table());
		FoundHistory found = locator(database, table, files, guard).look(connection).orElse(null);
		HistorySnapshot history = (found != null) ? found.snapshot() : null;
		List<MigrationFile> pending = (history != null) ? new HistoryComparison(files, history).pending() : files;
		boolean own = (open || !pending.isEmpty()) && database.sessions().needOwnConnection(connection);
		ConnectionTarget destination = own ? database.sessions().target(connection) : null;
		Map<String, String> driverProperties = own
				? database.sessions().driverProperties(settings.instance(), connection.getMetaData().getDriverName())
				: Map.of();
		return new PendingCheck(database, files, table, found, pending, destination, driverProperties);
	}

	/**
	 * Return the history, or {@code null} if it could not be told yet.
	 */
	@Nullable HistorySnapshot history() {
		return (this.found != null) ? this.found.snapshot() : null;
	}

	/**
	 * Return where the history is as far as that is known without asking: where it was
	 * found or, if there is none, where a connection leads.
	 */
	@Nullable TableName place(ConnectionTarget target) {
		String schema = target.schema();
		if (this.table.schema() != null || this.found == null) {
			return (this.table.schema() != null) ? this.table : null;
		}
		if (this.found.table() != null) {
			return this.found.table();
		}
		return (schema != null && !schema.startsWith("pg_"))
				? new TableName(schema, this.table.name(), target.searchedFor() != null) : null;
	}

	/**
	 * Return what finds the history of these files.
	 * @param guard through which it reads
	 */
	HistoryLocator locator(ReadGuard guard) {
		return locator(this.database, this.table, this.files, guard);
	}

	static HistoryLocator locator(Database database, TableName table, List<MigrationFile> files, ReadGuard guard) {
		Map<String, String> names = new HashMap<>();
		files.forEach((file) -> names.put(file.version(), file.name()));
		return new HistoryLocator(database, table, names, guard);
	}

	/**
	 * Return the history, reading it if it could not be told before.
	 * @param connections where connections come from
	 * @param guard through which it is read
	 */
	HistorySnapshot history(MigrationConnections connections, ReadGuard guard) {
		return (this.found != null) ? this.found.snapshot() : read(connections, guard);
	}

	/**
	 * Read the history again, with the place of the table resolved.
	 * @param connections where connections come from
	 * @param guard through which it is read
	 * @throws DatabaseAccessException if there is no connection
	 */
	HistorySnapshot read(MigrationConnections connections, ReadGuard guard) {
		try (BorrowedConnection borrowed = BorrowedConnection.from(connections)) {
			TableName located = locator(guard).locate(borrowed.connection());
			return new History(this.database, located, guard).read(borrowed.connection());
		}
		catch (SQLException ex) {
			throw SqlErrors.access("reading the history", ex);
		}
	}

}
