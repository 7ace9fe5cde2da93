package io.github.migrateboot;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;

import io.github.migrateboot.StepwiseFailure.StepFailedException;
import io.github.migrateboot.database.ConcurrentIndexes;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.history.ProgressWriter;
import io.github.migrateboot.history.Recording;
import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import io.github.migrateboot.script.SqlSyntax;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
final class StepwiseApplier implements MigrationApplier {

	private static final Logger logger = LoggerFactory.getLogger(StepwiseApplier.class);

	private final RunContext run;

	private final LockedStatements sql;

	/** Whether the journal is known to have nothing about the migration. */
	private boolean fresh;

	/** How many statements of the migration have surely taken effect for good. */
	private int done;

	/** Set while a migration is rolled back that counted as applied. */
	private @Nullable Reversal reversal;

	/**
	 * Create an applier.
	 * @param run the run
	 * @param fresh whether the journal, read while the lock was held as it still is, has
	 * nothing about the migration
	 */
	StepwiseApplier(RunContext run, boolean fresh) {
		this.run = run;
		this.fresh = fresh;
		this.sql = new LockedStatements(run);
	}

	@Override
	public boolean apply(PendingMigration migration) throws SQLException {
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

	private boolean applyOrTryAgain(PendingMigration migration) throws SQLException {
		Tries tries = this.run.retries().of(migration);
		while (true) {
			this.done = 0;
			tries.begin();
			try {
				applySections(migration);
				return true;
			}
			catch (StepFailedException ex) {
				// What the next start would do is done at once, if it may be.
				ex.failure().settle(tries);
			}
			catch (SQLException ex) {
				throw UnrecordedMigration.exception(this.run, migration, this.done, ex);
			}
			finally {
				tries.end();
			}
		}
	}

	private void applySections(PendingMigration migration) throws StepFailedException, SQLException {
		long start = System.nanoTime();
		Reversal begun = migration.isDown() ? Reversal.of(this.run, migration) : null;
		Resume resume = (begun != null) ? begun.plan() : plan(migration);
		if (begun != null) {
			this.reversal = begun;
			beginTransaction();
			begun.begin(migration.recording(this.run.instance().toString()));
		}
		else {
			begin(migration, resume);
		}
		this.done = resume.done();
		if (this.run.atBegin().isEmpty()) {
			this.sql.execute(lockLimit());
		}
		Iterator<Section> sections = migration.script().sections().iterator();
		while (sections.hasNext()) {
			Section section = sections.next();
			if (resume.isOver(section) && sections.hasNext()) {
				continue;
			}
			boolean transactional = PendingMigration.isTransactional(section);
			try {
				if (transactional) {
					beginTransaction();
				}
				runSection(migration, section, transactional, resume, !sections.hasNext());
				if (!sections.hasNext()) {
					record(migration, start);
				}
				else if (transactional) {
					putBackBeforeCommit();
					this.run.connection().commit();
					this.done = section.statements().isEmpty() ? this.done : lastStatement(section);
				}
			}
			finally {
				Transactions.end(this.run.connection());
			}
		}
	}

	private Resume plan(PendingMigration migration) throws SQLException {
		if (this.fresh) {
			// Not so any more when the migration is tried again.
			this.fresh = false;
			return Resume.FRESH;
		}
		return ResumePlanner.plan(this.run, migration);
	}

	private void beginTransaction() throws SQLException {
		this.run.connection().setAutoCommit(false);
		for (String statement : this.run.atBegin()) {
			this.sql.execute(statement);
		}
		if (!this.run.atBegin().isEmpty()) {
			this.sql.execute(lockLimit());
		}
	}

	private String lockLimit() {
		return this.run.database()
			.limitLockWait(this.run.retries().settings().lockTimeout(), !this.run.atBegin().isEmpty());
	}

	/**
	 * Where the session is ours only until the commit.
	 */
	private void putBackBeforeCommit() throws SQLException {
		if (!this.run.atBegin().isEmpty()) {
			for (String reset : this.run.sessionReset()) {
				this.sql.execute(reset);
			}
		}
	}

	private void begin(PendingMigration migration, Resume resume) throws SQLException {
		Recording recording = migration.recording(this.run.instance().toString());
		if (!resume.journalled()) {
			this.sql.changeAlone(migration, this.run.writer().begin(recording));
			return;
		}
		if (!resume.isClean()) {
			logger.info("{} was begun before and {}", migration, resume.describe(recording.statements()));
		}
		String leftover = resume.leftover();
		if (leftover != null) {
			this.sql.changeAlone(migration, progress(migration).takeUp(recording.instance()));
			this.sql.execute(ConcurrentIndexes.drop(leftover));
			logger.info("Removed the INVALID index {}, which {} had begun", leftover, migration);
		}
		ProgressWriter progress = progress(migration);
		this.sql.changeAlone(migration, migration.isDown() ? progress.revert(recording, resume.done(), resume.answers())
				: progress.resume(recording, resume.done(), resume.answers()));
	}

	private void runSection(PendingMigration migration, Section section, boolean transactional, Resume resume,
			boolean last) throws StepFailedException, SQLException {
		boolean ddlTransactional = this.run.database().hasTransactionalDdl();
		Interlude interlude = new Interlude(!ddlTransactional);
		for (SqlStatement statement : section.statements()) {
			if (resume.isOver(statement)) {
				continue;
			}
			if (statement.number() == resume.done() + 1 && !resume.replays().isEmpty()) {
				replay(migration, statement, transactional, resume, interlude);
			}
			this.run.board().statement(statement.number());
			boolean journalled = !transactional || (!ddlTransactional && PendingMigration.mayCommit(statement));
			run(migration, statement, transactional, journalled && !interlude.isOpen(), interlude);
			if (!transactional) {
				this.done = statement.number();
			}
			else if (journalled) {
				keep(migration, statement, interlude);
			}
		}
		if (interlude.isOpen()) {
			this.sql.leave(interlude);
			this.sql.execute(lockLimit());
		}
		// The record says it too, in the same transaction.
		if (!section.statements().isEmpty() && !(transactional && last)) {
			change(migration, progress(migration).done(lastStatement(section)),
					!transactional && !interlude.isTransactionOpen());
		}
	}

	private void run(PendingMigration migration, SqlStatement statement, boolean transactional, boolean journalled,
			Interlude interlude) throws StepFailedException, SQLException {
		ConcurrentIndexes indexes = transactional ? null : this.run.database().concurrentIndexes();
		String building = null;
		try {
			this.run.execution().requireGoingOn();
			building = (indexes != null) ? indexes.begin(this.run.connection(), statement.text()) : null;
		}
		catch (SQLException ex) {
			throw failure(migration, transactional, interlude, statement, statement, null, ex);
		}
		if (journalled) {
			change(migration, progress(migration).intent(statement.number(), building),
					!transactional && !interlude.isTransactionOpen());
		}
		try {
			if (indexes != null && SqlSyntax.POSTGRESQL.hasWord(statement.text(), "CONCURRENTLY")) {
				// Giving up would leave an INVALID index.
				this.sql.executePatiently(statement);
			}
			else {
				this.sql.execute(statement);
			}
		}
		catch (SQLException ex) {
			throw failure(migration, transactional, interlude, statement, statement, building, ex);
		}
		interlude.after(statement);
	}

	private void keep(PendingMigration migration, SqlStatement statement, Interlude interlude) throws SQLException {
		boolean commits = statement.kind() != Kind.DATA;
		if (commits) {
			this.done = statement.number();
		}
		if (!interlude.isOpen()) {
			change(migration, progress(migration).done(statement.number()), commits);
		}
		if (commits) {
			this.run.connection().commit();
		}
	}

	private void change(PendingMigration migration, String sql, boolean alone) throws SQLException {
		if (alone) {
			this.sql.changeAlone(migration, sql);
		}
		else {
			this.sql.change(migration, sql);
		}
	}

	private StepFailedException failure(PendingMigration migration, boolean transactional, Interlude interlude,
			SqlStatement failed, SqlStatement begun, @Nullable String building, SQLException error) {
		return new StepFailedException(new StepwiseFailure(this.run, migration, interlude, transactional, this.done,
				failed, begun, building, error));
	}

	private ProgressWriter progress(PendingMigration migration) {
		return this.run.writer().progress(migration.version());
	}

	/**
	 * Bring the session back into the state that earlier statements of the file had left
	 * it in. The intent comes first, because the journal may not be written afterwards.
	 */
	private void replay(PendingMigration migration, SqlStatement first, boolean transactional, Resume resume,
			Interlude interlude) throws StepFailedException, SQLException {
		change(migration, progress(migration).intent(first.number(), null), !transactional);
		for (SqlStatement statement : resume.replays()) {
			logger.info("Repeating statement {} (line {}) of {}, which sets the session", statement.number(),
					statement.line(), migration);
			try {
				this.sql.execute(statement);
			}
			catch (SQLException ex) {
				throw failure(migration, transactional, interlude, statement, first, null, ex);
			}
			interlude.after(statement);
		}
	}

	private static int lastStatement(Section section) {
		List<SqlStatement> statements = section.statements();
		return statements.get(statements.size() - 1).number();
	}

	/**
	 * Record the version and close the journal row in one transaction.
	 */
	private void record(PendingMigration migration, long start) throws SQLException {
		for (String reset : this.run.sessionReset()) {
			this.sql.execute(reset);
		}
		if (this.run.connection().getAutoCommit()) {
			this.run.connection().setAutoCommit(false);
		}
		long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
		if (migration.isDown()) {
			this.sql.change(migration, progress(migration).reverted(millis));
		}
		else {
			this.sql.change(migration, progress(migration).whole(millis));
			this.sql.change(migration, this.run.writer().record(migration.version()));
		}
		this.run.connection().commit();
		this.run.connection().setAutoCommit(true);
	}

}
