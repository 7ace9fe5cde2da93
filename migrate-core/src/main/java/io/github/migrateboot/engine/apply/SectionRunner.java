package io.github.migrateboot.engine.apply;

import java.sql.SQLException;
import java.util.List;

import io.github.migrateboot.database.ConcurrentIndexes;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.engine.apply.FailureRecorder.StepFailedException;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.SectionSteps;
import io.github.migrateboot.engine.plan.SessionTracker;
import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.SqlStatement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the statements of one section one by one, each framed by what is journalled about
 * it.
 */
final class SectionRunner {

	private static final Logger logger = LoggerFactory.getLogger(SectionRunner.class);

	private final StatementExecutor executor;

	private final LockedHistory history;

	private final RunProgress progress;

	private final Migration migration;

	private final ProgressJournal journal;

	private final List<SqlStatement> statements;

	private final boolean transactional;

	private final SectionSteps steps;

	private final SessionTracker tracker;

	/**
	 * The last statement about which it is known whether it writes where nothing is
	 * undone.
	 */
	private int markedUntil;

	SectionRunner(StatementExecutor executor, LockedHistory history, RunProgress progress, Migration migration,
			ProgressJournal journal, Section section) {
		this.executor = executor;
		this.history = history;
		this.progress = progress;
		this.migration = migration;
		this.journal = journal;
		this.statements = section.statements();
		this.transactional = Migration.isTransactional(section);
		this.tracker = new SessionTracker(executor.database());
		this.steps = SectionSteps.of(executor.database(), section);
	}

	boolean isTransactional() {
		return this.transactional;
	}

	/**
	 * Run the statements that are not over, in the transaction that is open if the
	 * section has one.
	 * @param resume where to begin
	 * @param lockLimit limits how long statements wait for locks, after it was lifted
	 * @param last whether the migration is recorded straight after
	 */
	void run(ResumePoint resume, String lockLimit, boolean last) throws StepFailedException, SQLException {
		boolean first = true;
		for (SqlStatement statement : this.statements) {
			if (resume.isOver(statement)) {
				this.executor.guard().earlier(statement);
				continue;
			}
			boolean resumed = statement.number() == resume.done() + 1;
			if (resumed && !resume.replays().isEmpty()) {
				replay(statement, resume.replays());
			}
			this.progress.statement(statement.number());
			run(statement, resumed, first);
			first = false;
			keep(statement);
		}
		if (this.tracker.isOpen()) {
			this.executor.restoreSession(this.tracker);
			this.executor.execute(lockLimit);
		}
		// The record says it too, in the same transaction.
		if (this.statements.isEmpty() || (this.transactional && last)) {
			return;
		}
		if (this.transactional) {
			this.journal.doneInTransaction(last());
		}
		else {
			this.journal.done(last(), isAlone());
		}
	}

	private void keep(SqlStatement statement) throws SQLException {
		this.executor.lasting().after(statement);
		if (!this.transactional) {
			this.journal.reached(statement.number());
		}
		else if (this.steps.mayLast(statement)) {
			this.journal.keep(statement, !this.tracker.isOpen(), isFollowed(statement), after(statement));
		}
	}

	private boolean isFollowed(SqlStatement statement) {
		SqlStatement next = after(statement);
		return next != null && this.steps.isJoined(next);
	}

	/**
	 * Return whether the intent to run the first statement of a migration is journalled
	 * by itself.
	 */
	static boolean beginsWithIntent(Database database, Migration migration) {
		return migration.script()
			.sections()
			.stream()
			.filter((section) -> !section.statements().isEmpty())
			.findFirst()
			.filter((section) -> beginsWithIntent(SectionSteps.of(database, section), section.statements().get(0)))
			.isPresent();
	}

	private static boolean beginsWithIntent(SectionSteps steps, SqlStatement first) {
		return steps.begins(first) && steps.intended(first) == first;
	}

	/**
	 * Return whether what is journalled now is a transaction of its own.
	 */
	private boolean isAlone() {
		return !this.transactional && !this.tracker.isTransactionOpen();
	}

	/**
	 * Note that the section has been committed.
	 */
	void committed() {
		if (!this.statements.isEmpty()) {
			this.journal.reached(last().number());
		}
	}

	private @Nullable SqlStatement after(SqlStatement statement) {
		int index = statement.number() - this.statements.get(0).number() + 1;
		return (index < this.statements.size()) ? this.statements.get(index) : null;
	}

	private SqlStatement last() {
		return this.statements.get(this.statements.size() - 1);
	}

	private void run(SqlStatement statement, boolean resumed, boolean first) throws StepFailedException, SQLException {
		ConcurrentIndexes indexes = this.transactional ? null
				: this.executor.database().inspection().concurrentIndexes();
		String building = null;
		try {
			this.executor.execution().requireGoingOn();
			building = (indexes != null) ? indexes.begin(this.executor.connection(), statement.text()) : null;
		}
		catch (SQLException ex) {
			throw failure(statement, statement, null, ex);
		}
		journal(statement, building, resumed || first);
		try {
			if (indexes != null && indexes.isConcurrent(statement.text())) {
				// Giving up would leave an INVALID index.
				this.executor.executePatiently(statement);
			}
			else {
				this.executor.execute(statement, !first && this.steps.isJoined(statement), isFollowed(statement));
			}
		}
		catch (SQLException ex) {
			throw failure(statement, statement, building, ex);
		}
		this.tracker.after(statement);
		if (isAlone() && !this.tracker.isOpen()) {
			this.executor.execution().fuse().released();
		}
	}

	/**
	 * Journal that a statement is about to be executed, if it begins a step or is the
	 * first of this run.
	 */
	private void journal(SqlStatement statement, @Nullable String building, boolean first)
			throws StepFailedException, SQLException {
		if (this.tracker.isOpen()) {
			return;
		}
		boolean joined = !first && this.steps.isJoined(statement);
		if (this.transactional && !joined) {
			mark(statement);
		}
		boolean begins = this.steps.begins(statement);
		if (!begins && !(first && this.steps.mayLast(statement))) {
			return;
		}
		SqlStatement intended = begins ? this.steps.intended(statement) : statement;
		// In our transaction it is marked later, if anything may run in between.
		SqlStatement writer = (this.transactional && !isFollowed(intended)) ? null
				: this.executor.lasting().firstWriter(this.steps.undone(statement));
		if (!this.steps.isInTransactionOfFile(intended)) {
			if (writer != null) {
				this.journal.mark(writer, statement.number() - 1);
			}
			else {
				this.journal.intent(intended, building, isAlone());
			}
			return;
		}
		try {
			this.journal.carry(intended, writer);
		}
		catch (SQLException ex) {
			throw failure(intended, intended, null, ex);
		}
	}

	/**
	 * Journal before the first change in our transaction that the transaction may leave
	 * something, in tables without transactions, if it is cut off.
	 */
	private void mark(SqlStatement statement) throws SQLException {
		List<SqlStatement> undone = (statement.number() > this.markedUntil && !this.steps.mayLast(statement))
				? this.steps.undone(statement) : List.of();
		if (undone.isEmpty()) {
			return;
		}
		this.markedUntil = undone.get(undone.size() - 1).number();
		SqlStatement writer = this.executor.lasting().firstWriter(undone);
		if (writer != null) {
			this.journal.mark(writer, statement.number() - 1);
		}
	}

	/**
	 * Bring the session back into the state that earlier statements of the file had left
	 * it in. The intent comes first, because the journal may not be written afterwards.
	 */
	private void replay(SqlStatement first, List<SqlStatement> replays) throws StepFailedException, SQLException {
		this.journal.intent(first, null, !this.transactional);
		for (SqlStatement statement : replays) {
			logger.info("Repeating statement {} (line {}) of {}, which sets the session", statement.number(),
					statement.line(), this.migration);
			try {
				this.executor.execute(statement);
			}
			catch (SQLException ex) {
				throw failure(statement, first, null, ex);
			}
			this.tracker.after(statement);
		}
	}

	private StepFailedException failure(SqlStatement failed, SqlStatement started, @Nullable String building,
			SQLException error) {
		FailedStatement statement = new FailedStatement(failed, started, building, this.journal.done(),
				this.transactional, error, this.journal.sinceDone());
		return new StepFailedException(new FailureRecorder(this.executor, this.history, this.progress, this.migration,
				this.tracker, statement));
	}

}
