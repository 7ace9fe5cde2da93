package io.github.migrateboot.engine.apply;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.Capability;
import io.github.migrateboot.engine.apply.FailureRecorder.StepFailedException;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RetryAttempts;
import io.github.migrateboot.engine.execution.RetryPolicy;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.script.Script.Section;
import org.jspecify.annotations.Nullable;

/**
 * Applies a migration statement by statement, where it cannot be rolled back as a whole:
 * because DDL commits, or because the author switched the transaction off. Before each
 * statement that may take effect by itself, the journal tells what is done and what is
 * started; a migration that was started before goes on there.
 * <p>
 * In a section that has its transaction, the journal is written in that same transaction:
 * the commit that DDL implies carries it, and a section of pure data changes stays
 * atomic.
 */
public final class StatementMigrator {

	private final StatementExecutor executor;

	private final LockedHistory history;

	private final RetryPolicy retries;

	private final ResumePlanner planner;

	private final RunProgress progress;

	/** Whether the journal is known to have nothing about the migration. */
	private boolean fresh;

	/** Whether autocommit is left off at the end, as the next migration needs it. */
	private final boolean inSeries;

	/** Whether the migration is recorded, and nothing is left to be rolled back. */
	private boolean recorded;

	/** Set while a migration is rolled back that counted as applied. */
	private @Nullable RecordRemoval reversal;

	/**
	 * Create a migrator.
	 * @param executor executes statements
	 * @param history the history, under the condition that the migration holds the lock
	 * @param retries how often a migration may be retried
	 * @param planner finds out where to resume
	 * @param progress where the run is
	 * @param fresh whether the journal, read while the lock was held as it still is, has
	 * nothing about the migration. Then autocommit may be off before, and where DDL is
	 * not transactional it is off afterwards.
	 */
	public StatementMigrator(StatementExecutor executor, LockedHistory history, RetryPolicy retries,
			ResumePlanner planner, RunProgress progress, boolean fresh) {
		this.executor = executor;
		this.history = history;
		this.retries = retries;
		this.planner = planner;
		this.progress = progress;
		this.fresh = fresh;
		this.inSeries = fresh && !executor.database().has(Capability.TRANSACTIONAL_DDL);
	}

	/**
	 * Run one migration, up or down.
	 * @param migration the migration
	 * @throws MigrationException if it failed
	 * @throws SQLException if the history cannot be used
	 */
	public void apply(Migration migration) throws SQLException {
		try {
			applyWithRetries(migration);
		}
		catch (MigrationException ex) {
			if (this.reversal != null) {
				this.reversal.takeBack();
			}
			throw ex;
		}
	}

	private void applyWithRetries(Migration migration) throws SQLException {
		RetryAttempts tries = new RetryAttempts(this.retries, migration);
		while (true) {
			ProgressJournal journal = new ProgressJournal(this.executor, this.history, migration);
			tries.begin();
			try {
				applySections(migration, journal);
				return;
			}
			catch (StepFailedException ex) {
				// What the next start would do is done at once, if it may be.
				ex.failure().settle(tries);
			}
			catch (SQLException ex) {
				throw UnrecordedMigration.exception(this.history, this.progress, migration, journal.done(), ex);
			}
			finally {
				tries.end();
			}
		}
	}

	/**
	 * Leave autocommit off if it is, where the migration begins with a transaction and
	 * nothing is asked before.
	 */
	private void requireAutoCommit(Migration migration) throws SQLException {
		boolean goesOn = this.fresh && migration.isTransactional()
				&& SectionRunner.beginsWithIntent(this.executor.database(), migration);
		if (!goesOn && !this.executor.connection().getAutoCommit()) {
			this.executor.connection().setAutoCommit(true);
		}
	}

	private void applySections(Migration migration, ProgressJournal journal) throws StepFailedException, SQLException {
		long start = System.nanoTime();
		requireAutoCommit(migration);
		RecordRemoval started = migration.isDown() ? RecordRemoval.of(this.executor, this.history, migration) : null;
		ResumePoint resume = (started != null) ? started.plan() : plan(migration);
		if (started != null) {
			this.reversal = started;
			beginTransaction();
			started.begin(journal.recording());
			journal.journalMoreHashes();
		}
		else {
			journal.begin(resume, SectionRunner.beginsWithIntent(this.executor.database(), migration));
		}
		journal.reached(resume.done());
		if (!this.executor.session().isSetByTransaction()) {
			this.executor.execute(lockLimit());
		}
		Iterator<Section> sections = migration.script().sections().iterator();
		while (sections.hasNext()) {
			Section section = sections.next();
			if (resume.isOver(section) && sections.hasNext()) {
				continue;
			}
			SectionRunner steps = new SectionRunner(this.executor, this.history, this.progress, migration, journal,
					section);
			try {
				if (steps.isTransactional()) {
					beginTransaction();
				}
				steps.run(resume, lockLimit(), !sections.hasNext());
				if (!sections.hasNext()) {
					record(migration, journal, start);
				}
				else if (steps.isTransactional()) {
					restoreBeforeCommit();
					this.executor.connection().commit();
					steps.committed();
				}
			}
			finally {
				if (!this.recorded) {
					Transactions.end(this.executor.connection());
				}
			}
		}
	}

	private ResumePoint plan(Migration migration) throws SQLException {
		if (this.fresh) {
			// Not so any more when the migration is tried again.
			this.fresh = false;
			return ResumePoint.FRESH;
		}
		return this.planner.plan(migration);
	}

	private void beginTransaction() throws SQLException {
		if (this.executor.connection().getAutoCommit()) {
			this.executor.connection().setAutoCommit(false);
		}
		this.executor.execute(this.executor.session().state().atBegin());
		if (this.executor.session().isSetByTransaction()) {
			this.executor.execute(lockLimit());
		}
	}

	private String lockLimit() {
		return this.executor.database()
			.limits()
			.lockWait(this.executor.settings().lockTimeout(), this.executor.session().isSetByTransaction());
	}

	/**
	 * Where the session is ours only until the commit.
	 */
	private void restoreBeforeCommit() throws SQLException {
		if (this.executor.session().isSetByTransaction()) {
			this.executor.restoreSession();
		}
	}

	/**
	 * Record the version and close the journal row in one transaction.
	 */
	private void record(Migration migration, ProgressJournal journal, long start) throws SQLException {
		this.executor.execute(this.executor.restoringAfter(migration));
		if (this.executor.connection().getAutoCommit()) {
			this.executor.connection().setAutoCommit(false);
		}
		journal.record(Duration.ofNanos(System.nanoTime() - start).toMillis());
		this.executor.connection().commit();
		this.recorded = true;
		if (!this.inSeries) {
			Transactions.leave(this.executor.connection());
		}
	}

}
