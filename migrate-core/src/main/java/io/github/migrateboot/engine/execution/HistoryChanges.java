package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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

/**
 * Executes recording statements, each of which changes one row while the lock is held,
 * whatever a migration has made of its session.
 *
 * @param session the migrating session
 * @param lock how the lock is held
 * @param progress what the run has done
 */
public record HistoryChanges(MigrationSession session, LockScope lock, RunProgress progress) {

	/** Each of which waits for as long as a statement of the migration may. */
	private static final int MAX_TRIES = 100;

	private static final Duration PAUSE = Duration.ofMillis(20);

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
		boolean busy = this.session.database().errors().isLockTimeout(error);
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
		boolean inTransaction = this.session.database().has(Capability.TRANSACTIONAL_DDL);
		try {
			passage.pass(this.session.connection(), () -> {
				if (inTransaction) {
					changeHere(migration, sql);
				}
				else {
					changeAtOnce(migration, sql);
				}
			});
		}
		catch (SQLException | LockLostException ex) {
			Transactions.rollBack(this.session.connection());
			throw ex;
		}
	}

	/**
	 * Find out how to change the tables after a refusal.
	 */
	private Passage passage(Place place, SQLException refusal) throws SQLException {
		Database database = this.session.database();
		Passage passage = database.errors().isRefusedToSession(refusal)
				? database.sessions().passage(this.session.connection(), this.session.state(), place, refusal) : null;
		if (passage == null || passage.isFree()) {
			throw refusal;
		}
		return passage;
	}

	private void changeAtOnce(Migration migration, String sql) throws SQLException {
		if (this.lock.fence().isEmpty() || !this.session.connection().getAutoCommit()) {
			changeHere(migration, sql);
			return;
		}
		this.session.connection().setAutoCommit(false);
		try {
			changeHere(migration, sql);
			this.session.connection().commit();
		}
		finally {
			Transactions.end(this.session.connection());
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
			if (this.session.database().has(Capability.TRANSACTIONAL_DDL)) {
				// The error has ended the transaction.
				throw ex;
			}
			passage(Place.OUR_TRANSACTION, ex).pass(this.session.connection(), () -> changeHere(migration, sql));
		}
	}

	/**
	 * Execute a recording statement in the transaction that is open, right before it may
	 * be committed, whatever a migration has made of its session.
	 * @param place whose transaction it is
	 */
	public void carry(Migration migration, String sql, Place place) throws SQLException {
		Database database = this.session.database();
		if (database.has(Capability.TRANSACTIONAL_DDL)) {
			database.sessions()
				.passage(this.session.connection(), this.session.state(), place, null)
				.pass(this.session.connection(), () -> changeHere(migration, sql));
			return;
		}
		try {
			changeHere(migration, sql);
		}
		catch (SQLException ex) {
			passage(place, ex).pass(this.session.connection(), () -> changeHere(migration, sql));
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
		try (Statement statement = this.session.connection().createStatement()) {
			if (statement.executeUpdate(sql) == 1) {
				return;
			}
		}
		catch (SQLException ex) {
			if (!this.session.database().errors().isNullRefused(ex)) {
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
