package io.github.migrateboot.engine.apply;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.database.Capability;
import io.github.migrateboot.engine.apply.FailureRecorder.StepFailedException;
import io.github.migrateboot.engine.execution.RetryAttempts;
import io.github.migrateboot.engine.execution.RunContext;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.script.Script.Section;
import org.jspecify.annotations.Nullable;

/**
 * Applies a migration statement by statement, where it cannot be rolled back as a whole:
 * because DDL commits, or because the author switched the transaction off. Before each
 * statement that may take effect by itself, the journal tells what is done and what is
 * begun; a migration that was begun before goes on there.
 * <p>
 * In a section that has its transaction, the journal is written in that same transaction:
 * the commit that DDL implies carries it, and a section of pure data changes stays
 * atomic.
 */
public final class StatementMigrator implements MigrationApplier {

	private final RunContext run;

	private final StatementExecutor sql;

	/** Whether the journal is known to have nothing about the migration. */
	private boolean fresh;

	/** Whether autocommit is left off at the end, as the next migration needs it. */
	private final boolean inSeries;

	/** Whether the migration is recorded, and nothing is left to be rolled back. */
	private boolean recorded;

	/** Set while a migration is rolled back that counted as applied. */
	private @Nullable RecordRemoval reversal;

	/**
	 * Create an applier.
	 * @param run the run
	 * @param fresh whether the journal, read while the lock was held as it still is, has
	 * nothing about the migration. Then autocommit may be off before, and where DDL is
	 * not transactional it is off afterwards.
	 */
	public StatementMigrator(RunContext run, boolean fresh) {
		this.run = run;
		this.fresh = fresh;
		this.inSeries = fresh && !run.database().has(Capability.TRANSACTIONAL_DDL);
		this.sql = new StatementExecutor(run);
	}

	@Override
	public boolean apply(Migration migration) throws SQLException {
		try {
			return applyOrTryAgain(migration);
		}
		catch (MigrationException ex) {
			if (this.reversal != null) {
				this.reversal.takeBack();
			}
			throw ex;
		}
	}

	private boolean applyOrTryAgain(Migration migration) throws SQLException {
		RetryAttempts tries = new RetryAttempts(this.run.retries(), migration);
		while (true) {
			ProgressJournal journal = new ProgressJournal(this.run, migration);
			tries.begin();
			try {
				applySections(migration, journal);
				return true;
			}
			catch (StepFailedException ex) {
				// What the next start would do is done at once, if it may be.
				ex.failure().settle(tries);
			}
			catch (SQLException ex) {
				throw UnrecordedMigration.exception(this.run, migration, journal.done(), ex);
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
				&& SectionRunner.beginsWithIntent(this.run.database(), migration);
		if (!goesOn && !this.run.connection().getAutoCommit()) {
			this.run.connection().setAutoCommit(true);
		}
	}

	private void applySections(Migration migration, ProgressJournal journal) throws StepFailedException, SQLException {
		long start = System.nanoTime();
		requireAutoCommit(migration);
		RecordRemoval begun = migration.isDown() ? RecordRemoval.of(this.run, migration) : null;
		ResumePoint resume = (begun != null) ? begun.plan() : plan(migration);
		if (begun != null) {
			this.reversal = begun;
			beginTransaction();
			begun.begin(journal.recording());
		}
		else {
			journal.begin(resume, SectionRunner.beginsWithIntent(this.run.database(), migration));
		}
		journal.reached(resume.done());
		if (!this.run.database().isPooled()) {
			this.sql.execute(lockLimit());
		}
		Iterator<Section> sections = migration.script().sections().iterator();
		while (sections.hasNext()) {
			Section section = sections.next();
			if (resume.isOver(section) && sections.hasNext()) {
				continue;
			}
			SectionRunner steps = new SectionRunner(this.run, migration, journal, section);
			try {
				if (steps.isTransactional()) {
					beginTransaction();
				}
				steps.run(resume, lockLimit(), !sections.hasNext());
				if (!sections.hasNext()) {
					record(migration, journal, start);
				}
				else if (steps.isTransactional()) {
					putBackBeforeCommit();
					this.run.connection().commit();
					steps.committed();
				}
			}
			finally {
				if (!this.recorded) {
					Transactions.end(this.run.connection());
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
		return ResumePlanner.plan(this.run, migration);
	}

	private void beginTransaction() throws SQLException {
		if (this.run.connection().getAutoCommit()) {
			this.run.connection().setAutoCommit(false);
		}
		for (String statement : this.run.atBegin()) {
			this.sql.execute(statement);
		}
		if (this.run.database().isPooled()) {
			this.sql.execute(lockLimit());
		}
	}

	private String lockLimit() {
		return this.run.database()
			.limits()
			.lockWait(this.run.retries().settings().lockTimeout(), this.run.database().isPooled());
	}

	/**
	 * Where the session is ours only until the commit.
	 */
	private void putBackBeforeCommit() throws SQLException {
		if (this.run.database().isPooled()) {
			for (String reset : this.run.sessionReset()) {
				this.sql.execute(reset);
			}
		}
	}

	/**
	 * Record the version and close the journal row in one transaction.
	 */
	private void record(Migration migration, ProgressJournal journal, long start) throws SQLException {
		for (String reset : this.run.sessionReset(migration)) {
			this.sql.execute(reset);
		}
		if (this.run.connection().getAutoCommit()) {
			this.run.connection().setAutoCommit(false);
		}
		journal.record(Duration.ofNanos(System.nanoTime() - start).toMillis());
		this.run.connection().commit();
		this.recorded = true;
		if (!this.inSeries) {
			Transactions.leave(this.run.connection());
		}
	}

}
