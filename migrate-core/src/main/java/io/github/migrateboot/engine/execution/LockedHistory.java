package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Passage;
import io.github.migrateboot.database.Passage.Place;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.LockLostException;
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

	/** Each of which waits for as long as a statement of the migration may. */
	private static final int MAX_TRIES = 100;

	private static final Duration PAUSE = Duration.ofMillis(20);

	private final MigrationSession session;

	private final Connection connection;

	private final History history;

	private final HistoryWriter writer;

	private final LockScope lock;

	private final String instance;

	private final RunProgress progress;

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
		this(session, history, history.writer(lock.condition()), lock, instance, progress);
	}

	private LockedHistory(MigrationSession session, History history, HistoryWriter writer, LockScope lock,
			String instance, RunProgress progress) {
		this.session = session;
		this.connection = session.connection();
		this.history = history;
		this.writer = writer;
		this.lock = lock;
		this.instance = instance;
		this.progress = progress;
	}

	/**
	 * Return the same for a migration that holds the lock under a condition of its own.
	 */
	public LockedHistory during(MigrationLock held) {
		return new LockedHistory(this.session, this.history, this.history.writer(held.condition()), this.lock,
				this.instance, this.progress);
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

	/**
	 * Execute a recording statement that is a transaction of its own, so that it can be
	 * repeated until it finds no lock in its way.
	 */
	public void changeAlone(Migration migration, String sql) throws SQLException {
		for (int tries = 1;; tries++) {
			try {
				changeInOneTransaction(migration, sql);
				return;
			}
			catch (SQLException ex) {
				if (tries == MAX_TRIES || !pauseIfBusy(ex)) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Pause if something found a lock in its way, so that it can be done again; not every
	 * database has waited for the lock itself.
	 * @return whether it did
	 */
	public boolean pauseIfBusy(SQLException error) {
		boolean busy = this.history.database().errors().isLockTimeout(error);
		if (busy) {
			LockSupport.parkNanos(PAUSE.toNanos());
		}
		return busy;
	}

	private void changeInOneTransaction(Migration migration, String sql) throws SQLException {
		try {
			changeAtOnce(migration, sql);
		}
		catch (SQLException ex) {
			passAlone(migration, sql, passage(Place.ALONE, ex));
		}
	}

	private void passAlone(Migration migration, String sql, Passage passage) throws SQLException {
		boolean begun = this.history.database().has(Capability.TRANSACTIONAL_DDL);
		try {
			passage.pass(this.connection, () -> {
				if (begun) {
					changeHere(migration, sql);
				}
				else {
					changeAtOnce(migration, sql);
				}
			});
		}
		catch (SQLException | LockLostException ex) {
			Transactions.rollBack(this.connection);
			throw ex;
		}
	}

	/**
	 * Find out how to change the tables after a refusal.
	 */
	private Passage passage(Place place, SQLException refusal) throws SQLException {
		Database database = this.history.database();
		Passage passage = database.errors().isRefusedToSession(refusal)
				? database.sessions().passage(this.connection, this.session.state(), place, refusal) : null;
		if (passage == null || passage.isFree()) {
			throw refusal;
		}
		return passage;
	}

	private void changeAtOnce(Migration migration, String sql) throws SQLException {
		if (this.lock.fence().isEmpty() || !this.connection.getAutoCommit()) {
			changeHere(migration, sql);
			return;
		}
		this.connection.setAutoCommit(false);
		try {
			changeHere(migration, sql);
			this.connection.commit();
		}
		finally {
			Transactions.end(this.connection);
		}
	}

	/**
	 * Execute a recording statement in the transaction that is open. It changes exactly
	 * one row while the lock is held.
	 */
	public void change(Migration migration, String sql) throws SQLException {
		try {
			changeHere(migration, sql);
		}
		catch (SQLException ex) {
			if (this.history.database().has(Capability.TRANSACTIONAL_DDL)) {
				// The error has ended the transaction.
				throw ex;
			}
			passage(Place.OUR_TRANSACTION, ex).pass(this.connection, () -> changeHere(migration, sql));
		}
	}

	/**
	 * Execute a recording statement in the transaction that is open, right before it may
	 * be committed, whatever a migration has made of its session.
	 * @param place whose transaction it is
	 */
	public void carry(Migration migration, String sql, Place place) throws SQLException {
		Database database = this.history.database();
		if (database.has(Capability.TRANSACTIONAL_DDL)) {
			database.sessions()
				.passage(this.connection, this.session.state(), place, null)
				.pass(this.connection, () -> changeHere(migration, sql));
			return;
		}
		try {
			changeHere(migration, sql);
		}
		catch (SQLException ex) {
			passage(place, ex).pass(this.connection, () -> changeHere(migration, sql));
		}
	}

	private void changeHere(Migration migration, String sql) throws SQLException {
		Optional<String> fence = this.lock.fence();
		if (fence.isPresent()) {
			changeOne(migration, fence.get());
		}
		changeOne(migration, sql);
	}

	private void changeOne(Migration migration, String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			if (statement.executeUpdate(sql) == 1) {
				return;
			}
		}
		catch (SQLException ex) {
			if (!this.history.database().errors().isNullRefused(ex)) {
				throw ex;
			}
		}
		throw new LockLostException(
				"The lock was no longer held while " + migration + " was being applied, so nothing was recorded after"
						+ " that. " + this.progress.summary().undone(),
				"See the journal for how far the migration is. " + whyLost());
	}

	/**
	 * Say where to look for the reason when the lock is lost.
	 */
	public String whyLost() {
		if (this.lock.fence().isPresent()) {
			return "Look whether this process, its host or its network stood still for longer than"
					+ " migrate.lock.lease-duration, after which another instance takes the lock over.";
		}
		return "Look in the file for a statement that releases locks, such as RELEASE_ALL_LOCKS() or"
				+ " pg_advisory_unlock_all(), and remove it.";
	}

}
