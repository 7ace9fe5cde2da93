package io.github.migrateboot.engine.apply;

import java.sql.SQLException;
import java.util.List;

import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.ConcurrentIndexes;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.engine.apply.FailureRecorder.StepFailedException;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.RunProgress;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.Migration;
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

	private final SessionTracker tracker;

	SectionRunner(StatementExecutor executor, LockedHistory history, RunProgress progress, Migration migration,
			ProgressJournal journal, Section section) {
		this.executor = executor;
		this.history = history;
		this.progress = progress;
		this.migration = migration;
		this.journal = journal;
		this.statements = section.statements();
		this.transactional = Migration.isTransactional(section);
		this.tracker = new SessionTracker(executor.database().has(Capability.LOCK_TABLES));
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
		for (SqlStatement statement : this.statements) {
			if (resume.isOver(statement)) {
				continue;
			}
			if (statement.number() == resume.done() + 1 && !resume.replays().isEmpty()) {
				replay(statement, resume.replays());
			}
			this.progress.statement(statement.number());
			boolean journalled = isJournalled(this.executor.database(), statement, this.transactional);
			run(statement, journalled && !this.tracker.isOpen());
			if (!this.transactional) {
				this.journal.reached(statement.number());
			}
			else if (journalled) {
				this.journal.keep(statement, !this.tracker.isOpen(), after(statement));
			}
		}
		if (this.tracker.isOpen()) {
			this.executor.restoreSession(this.tracker);
			this.executor.execute(lockLimit);
		}
		// The record says it too, in the same transaction.
		if (!this.statements.isEmpty() && !(this.transactional && last)) {
			this.journal.done(last(), isAlone());
		}
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
			.filter((section) -> isJournalled(database, section.statements().get(0),
					Migration.isTransactional(section)))
			.isPresent();
	}

	private static boolean isJournalled(Database database, SqlStatement statement, boolean transactional) {
		return !transactional || (!database.has(Capability.TRANSACTIONAL_DDL) && Migration.mayCommit(statement));
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

	private void run(SqlStatement statement, boolean journalled) throws StepFailedException, SQLException {
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
		if (journalled) {
			this.journal.intent(statement, building, isAlone());
		}
		try {
			if (indexes != null && indexes.isConcurrent(statement.text())) {
				// Giving up would leave an INVALID index.
				this.executor.executePatiently(statement);
			}
			else {
				this.executor.execute(statement);
			}
		}
		catch (SQLException ex) {
			throw failure(statement, statement, building, ex);
		}
		this.tracker.after(statement);
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

	private StepFailedException failure(SqlStatement failed, SqlStatement begun, @Nullable String building,
			SQLException error) {
		FailedStatement statement = new FailedStatement(failed, begun, building, this.journal.done(),
				this.transactional, error);
		return new StepFailedException(new FailureRecorder(this.executor, this.history, this.progress, this.migration,
				this.tracker, statement));
	}

}
