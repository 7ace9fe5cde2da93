package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.HistoryWriter;
import io.github.migrateboot.history.JournalAttempt;
import io.github.migrateboot.history.JournalEntry;
import io.github.migrateboot.history.Recording;
import io.github.migrateboot.lock.MigrationLock;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.ScriptParser;

/**
 * The history in the hands of a run: read on the migrating connection, and written only
 * while the lock is held.
 */
public final class LockedHistory {

	private final Connection connection;

	private final History history;

	private final HistoryWriter writer;

	private final LockScope lock;

	private final String instance;

	private final HistoryChanges changes;

	/**
	 * Create it for a run.
	 * @param session the migrating session
	 * @param history the tables
	 * @param lock how the lock is held
	 * @param instance this instance, as the journal has it
	 * @param progress what the run has done
	 */
	public LockedHistory(MigrationSession session, History history, LockScope lock, String instance,
			RunProgress progress) {
		this(session.connection(), history, history.writer(lock.condition()), lock, instance,
				new HistoryChanges(session, lock, progress));
	}

	private LockedHistory(Connection connection, History history, HistoryWriter writer, LockScope lock, String instance,
			HistoryChanges changes) {
		this.connection = connection;
		this.history = history;
		this.writer = writer;
		this.lock = lock;
		this.instance = instance;
		this.changes = changes;
	}

	/**
	 * Return the same for a migration that holds the lock under a condition of its own.
	 */
	public LockedHistory during(MigrationLock held) {
		return new LockedHistory(this.connection, this.history, this.history.writer(held.condition()), this.lock,
				this.instance, this.changes);
	}

	/**
	 * Return the tables.
	 */
	public History tables() {
		return this.history;
	}

	/**
	 * Return what words recording statements.
	 */
	public HistoryWriter writer() {
		return this.writer;
	}

	/**
	 * Return what executes recording statements.
	 */
	public HistoryChanges changes() {
		return this.changes;
	}

	/**
	 * Return how the lock is held.
	 */
	public LockScope lock() {
		return this.lock;
	}

	/**
	 * Read versions and progress.
	 */
	public HistorySnapshot read() {
		return this.history.read(this.connection);
	}

	/**
	 * Read what the journal knows about a migration that was started.
	 */
	public Optional<JournalAttempt> attempt(String version) throws SQLException {
		return this.history.attempt(this.connection, version);
	}

	/**
	 * Read the whole journal.
	 */
	public Map<String, JournalEntry> journal() throws SQLException {
		return this.history.journal(this.connection);
	}

	/**
	 * Return a migration as the journal describes it.
	 */
	public Recording recording(Migration migration) {
		return migration.recording(this.instance);
	}

	/**
	 * Return a file as the journal describes it that is recorded without being run.
	 */
	public Recording recording(MigrationFile file) {
		return new Recording(file.version(), file.name(), ScriptParser.checksum(file.read()), 0, "", this.instance);
	}

}
