package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import io.github.migrateboot.connection.BorrowedConnection;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.engine.execution.HistoryWait;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.JournalEntry;
import io.github.migrateboot.history.JournalState;
import io.github.migrateboot.history.ReadGuard;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.status.MigrationInfo.State;
import org.jspecify.annotations.Nullable;

/**
 * Lists every migration, from the files and from the history.
 *
 * @param source where the migration files come from
 * @param connections where connections come from
 * @param table the configured history table
 */
public record MigrationListing(MigrationSource source, MigrationConnections connections, String table) {

	/** Who shows the list to people waits no longer. */
	private static final Duration LONGEST_READ = Duration.ofSeconds(2);

	/**
	 * List them, with one borrowed connection.
	 * @return the migrations, sorted by file name; those without a file first, by version
	 * @throws MigrationException if files or history cannot be read
	 */
	public List<MigrationInfo> list() {
		try (BorrowedConnection borrowed = BorrowedConnection.from(this.connections)) {
			return list(borrowed.connection());
		}
		catch (SQLException ex) {
			throw SqlErrors.access("listing the migrations", ex);
		}
	}

	private List<MigrationInfo> list(Connection connection) throws SQLException {
		ReadGuard guard = HistoryWait.atMost(LONGEST_READ);
		Database database = Databases.detect(connection);
		List<MigrationFile> files = this.source.list(database.id());
		TableName located = PendingCheck.locator(database, database.parseTableName(this.table), files, guard)
			.locate(connection);
		History tables = new History(database, located, guard);
		HistorySnapshot history = tables.read(connection);
		Map<String, JournalEntry> journal = history.journalExists() ? tables.journal(connection) : Map.of();
		List<MigrationInfo> migrations = new ArrayList<>();
		TreeSet<String> missing = new TreeSet<>(history.versions());
		files.forEach((file) -> missing.remove(file.version()));
		for (String version : missing) {
			JournalEntry entry = journal.get(version);
			migrations.add(info(version, (entry != null) ? entry.name() : null, State.MISSING, entry));
		}
		for (MigrationFile file : files) {
			JournalEntry entry = journal.get(file.version());
			migrations.add(info(file.version(), file.name(), state(history.isApplied(file.version()), entry), entry));
		}
		return migrations;
	}

	private static State state(boolean applied, @Nullable JournalEntry entry) {
		if (applied) {
			return State.APPLIED;
		}
		JournalState state = (entry != null) ? entry.state() : null;
		if (state == JournalState.RUNNING || state == JournalState.REVERTING) {
			return State.STARTED;
		}
		return (state == JournalState.FAILED || state == JournalState.REVERT_FAILED) ? State.FAILED : State.PENDING;
	}

	private static MigrationInfo info(String version, @Nullable String name, State state,
			@Nullable JournalEntry entry) {
		if (entry == null || state == State.PENDING) {
			return new MigrationInfo(version, name, state, null, null, null, null);
		}
		boolean applied = state == State.APPLIED || state == State.MISSING;
		return new MigrationInfo(version, name, state, applied ? entry.finishedAt() : null, entry.duration(),
				entry.instance(), applied ? null : entry.error());
	}

}
