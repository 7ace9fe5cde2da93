package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.plan.RunSummary;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.HistoryAccessException;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.HistoryWriter;
import io.github.migrateboot.history.JournalEntry;
import io.github.migrateboot.history.JournalState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the history table and the journal while the lock is held. The rights to create
 * are not needed where nothing is missing.
 * <p>
 * A history table that is missing although the journal has applied migrations was dropped
 * by somebody. What it had is not guessed, and it is not created anew, so that the next
 * start stops too.
 */
final class HistoryTables {

	private static final Logger logger = LoggerFactory.getLogger(HistoryTables.class);

	private static final int MAX_TRIES = 10;

	private final Connection connection;

	private final LockedHistory history;

	private final Database database;

	private final HistoryWriter writer;

	HistoryTables(Connection connection, LockedHistory history) {
		this.connection = connection;
		this.history = history;
		this.database = history.tables().database();
		this.writer = history.writer();
	}

	/**
	 * Create what is missing and read the history.
	 * @param missingBefore whether the history table was missing before the lock was held
	 */
	HistorySnapshot prepare(boolean missingBefore) throws SQLException {
		if (missingBefore && this.database.has(Capability.ATOMIC_BATCHES) && this.history.lock().isHeldThroughout()) {
			// Saves a look, because one batch creates and checks.
			create();
			return this.history.read();
		}
		HistorySnapshot history = this.history.read();
		if (!history.tableExists() && !appliedByJournal().isEmpty()) {
			// Unless others have created and filled both between the two looks.
			history = this.history.read();
			if (!history.tableExists()) {
				throw missing(null);
			}
		}
		if (history.tableExists() && history.journalExists()) {
			updateJournal();
			return history;
		}
		create();
		return history.tableExists() ? new HistorySnapshot(true, true, history.versions(), history.journal())
				: this.history.read();
	}

	/**
	 * A journal of an older release may be without transactions, or hold few characters.
	 */
	private void updateJournal() throws SQLException {
		String outdated = this.writer.findOutdatedJournal();
		if (outdated == null || !isFound(outdated)) {
			return;
		}
		try {
			this.history.lock().guard(() -> !isFound(outdated), () -> execute(this.writer.updateJournal()));
			logger.info("Updated the journal of {} to InnoDB and utf8mb4", this.history.tables().table());
		}
		catch (SQLException ex) {
			logger.warn(
					"The journal of {} depends on the server's default engine or character set, and could not be"
							+ " updated: {}. Run: {}",
					this.history.tables().table(), SqlErrors.describe(ex), this.writer.updateJournal());
		}
	}

	private boolean isFound(String query) {
		try (Statement statement = this.connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
			return rows.next();
		}
		catch (SQLException ex) {
			throw this.history.tables().failure("read", ex);
		}
	}

	private void create() throws SQLException {
		for (int tries = 1;; tries++) {
			try {
				this.history.lock().guard(() -> this.history.read().journalExists(), this::createTables);
				return;
			}
			catch (SQLException ex) {
				if (this.database.errors().isNullRefused(ex)) {
					throw missing(ex);
				}
				if (tries == MAX_TRIES
						|| !(this.history.changes().pauseIfBusy(ex) || isCured(SqlErrors.serverError(ex)))) {
					throw this.history.tables().failure("created", ex);
				}
			}
		}
	}

	private void createTables() throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			for (String sql : this.writer.create()) {
				statement.addBatch(sql);
			}
			if (this.database.has(Capability.ATOMIC_BATCHES)) {
				// Fails the whole batch, so that nothing is created.
				statement.addBatch(this.writer.refuseJournalWithoutHistory());
			}
			statement.executeBatch();
		}
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Return whether the tables can be created now. A program that ignores the lock may
	 * be creating the same at this moment, which IF NOT EXISTS does not see.
	 */
	private boolean isCured(SQLException error) {
		if (this.database.errors().isAlreadyThere(error)) {
			return true;
		}
		String schema = this.writer.createSchema();
		if (schema == null || !this.database.errors().isMissingTable(error)) {
			return false;
		}
		try {
			this.history.lock().guard(() -> false, () -> execute(schema));
			return true;
		}
		catch (SQLException ex) {
			if (this.database.errors().isAlreadyThere(ex)) {
				return true;
			}
			throw this.history.tables().failure("created", ex);
		}
	}

	private List<String> appliedByJournal() throws SQLException {
		return this.history.journal()
			.values()
			.stream()
			.filter((entry) -> entry.state() == JournalState.APPLIED || entry.state() == JournalState.BASELINE)
			.map(JournalEntry::version)
			.sorted()
			.toList();
	}

	private HistoryAccessException missing(@Nullable SQLException cause) throws SQLException {
		return new HistoryAccessException(
				FailureText.of("The history table " + this.history.tables().table()
						+ " does not exist, although the journal beside it says that migrations have been applied: "
						+ RunSummary.span(appliedByJournal()) + ". Nothing was applied in this run."),
				"If it was dropped by mistake, restore it, or run: " + String.join("; ", this.writer.restore())
						+ "; If all migrations are to be applied again, run: " + this.writer.dropJournal()
						+ "; Then start again.",
				cause);
	}

}
