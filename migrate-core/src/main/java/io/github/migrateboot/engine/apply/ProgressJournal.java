package io.github.migrateboot.engine.apply;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

import io.github.migrateboot.database.ConcurrentIndexes;
import io.github.migrateboot.database.Passage.Place;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.history.ProgressWriter;
import io.github.migrateboot.history.Recording;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Journals how far a migration is that is applied statement by statement.
 */
final class ProgressJournal {

	private static final Logger logger = LoggerFactory.getLogger(ProgressJournal.class);

	/** What commits before it does anything, on MySQL, MariaDB and H2. */
	private static final Set<String> DDL = Set.of("CREATE", "ALTER", "DROP", "TRUNCATE", "RENAME");

	private final StatementExecutor executor;

	private final LockedHistory history;

	private final Migration migration;

	private int done;

	private ElapsedTime sinceDone = new ElapsedTime();

	/** Whether the row is still to be written, together with the first intent. */
	private boolean begins;

	/** Whether the last statement has committed, and nothing was done since. */
	private boolean emptyTransaction;

	ProgressJournal(StatementExecutor executor, LockedHistory history, Migration migration) {
		this.executor = executor;
		this.history = history;
		this.migration = migration;
	}

	/**
	 * Return how many statements of the migration have surely taken effect for good.
	 */
	int done() {
		return this.done;
	}

	/**
	 * Return how long ago that was known of the last of them.
	 */
	Duration sinceDone() {
		return this.sinceDone.get();
	}

	/**
	 * Note that this many statements have surely taken effect for good, whether or not
	 * that is journalled.
	 */
	void reached(int done) {
		this.done = done;
		this.sinceDone = new ElapsedTime();
	}

	/**
	 * Journal that the migration begins or goes on.
	 * @param intended whether the intent to run its first statement is journalled next;
	 * then the two are one statement, and one commit
	 */
	void begin(ResumePoint resume, boolean intended) throws SQLException {
		Recording recording = recording();
		if (!resume.journalled()) {
			this.begins = intended;
			if (!intended) {
				this.history.changes().changeAlone(this.migration, this.history.writer().begin(recording));
				journalMoreHashes();
			}
			return;
		}
		if (!resume.isClean()) {
			logger.info("{} was started before and {}", this.migration, resume.describe(recording.statements()));
			new UnseenSettings(this.executor, this.migration).warn(resume.done());
		}
		String leftover = resume.leftover();
		if (leftover != null) {
			this.history.changes().changeAlone(this.migration, progress().takeUp(recording.instance()));
			this.executor.execute(ConcurrentIndexes.drop(leftover));
			logger.info("Removed the INVALID index {}, which {} had started", leftover, this.migration);
		}
		this.history.changes()
			.changeAlone(this.migration,
					this.migration.isDown() ? progress().revert(recording, resume.done(), resume.answers())
							: progress().resume(recording, resume.done(), resume.answers()));
		journalMoreHashes();
	}

	/**
	 * Journal the hashes that the row has no room for at first, before anything is
	 * executed.
	 */
	void journalMoreHashes() throws SQLException {
		for (String sql : progress().moreHashes(recording().statementHashes())) {
			this.history.changes().changeAlone(this.migration, sql);
		}
	}

	Recording recording() {
		return this.history.recording(this.migration);
	}

	/**
	 * Journal that a statement is about to be executed.
	 * @param building the index that it builds concurrently, or {@code null}
	 * @param alone whether this is a transaction of its own
	 */
	void intent(SqlStatement statement, @Nullable String building, boolean alone) throws SQLException {
		if (this.begins) {
			this.begins = false;
			this.history.changes()
				.changeAlone(this.migration, this.history.writer().beginWithIntent(recording(), building));
			journalMoreHashes();
			return;
		}
		change(progress().intent(statement.number(), statement.number() - 1, building), alone || this.emptyTransaction);
		this.emptyTransaction = false;
	}

	/**
	 * Journal that a statement is about to be executed that may commit the transaction
	 * which the file has started, in that transaction.
	 * @param writer what comes after the commit and nobody can undo, or {@code null}
	 */
	void carry(SqlStatement statement, @Nullable SqlStatement writer) throws SQLException {
		String intent = (writer != null) ? progress().intent(writer.number(), statement.number(), null)
				: progress().intent(statement.number(), statement.number() - 1, null);
		this.history.changes().carry(this.migration, intent, Place.ITS_TRANSACTION);
	}

	/**
	 * Journal that nobody can undo what is about to be executed, from a statement on, if
	 * it is cut off.
	 * @param statement the first that may leave something
	 * @param done how many statements have taken effect for good
	 */
	void mark(SqlStatement statement, int done) throws SQLException {
		if (this.begins) {
			this.begins = false;
			this.history.changes().changeAlone(this.migration, this.history.writer().begin(recording()));
		}
		this.history.changes().changeAlone(this.migration, progress().intent(statement.number(), done, null));
		if (!this.executor.connection().getAutoCommit()) {
			this.executor.connection().commit();
		}
	}

	/**
	 * Journal that a statement has been executed that may have committed the transaction.
	 * Where the next one is DDL too, its intent says so, and the commit with which DDL
	 * begins carries it, which is just as soon.
	 * @param writable whether the journal can be written
	 * @param joined whether nothing may be executed before the next statement
	 * @param next the next statement of the section, or {@code null}
	 */
	void keep(SqlStatement statement, boolean writable, boolean joined, @Nullable SqlStatement next)
			throws SQLException {
		boolean commits = statement.kind() != Kind.DATA;
		if (commits) {
			reached(statement.number());
		}
		if (joined) {
			return;
		}
		if (writable && next != null && isDdl(statement) && isDdl(next)) {
			this.emptyTransaction = true;
			return;
		}
		if (writable) {
			done(statement, commits);
		}
		if (commits) {
			this.executor.connection().commit();
		}
	}

	private static boolean isDdl(SqlStatement statement) {
		return statement.kind() == Kind.ORDINARY && statement.startsWithAny(DDL);
	}

	/**
	 * Journal that a statement and all before it are done.
	 * @param alone whether this is a transaction of its own
	 */
	void done(SqlStatement statement, boolean alone) throws SQLException {
		change(progress().done(statement.number()), alone);
	}

	/**
	 * Journal that a statement and all before it are done, right before the transaction
	 * is committed that the engine has started.
	 */
	void doneInTransaction(SqlStatement statement) throws SQLException {
		this.history.changes().carry(this.migration, progress().done(statement.number()), Place.OUR_TRANSACTION);
	}

	/**
	 * Record the version and close the journal row, in the transaction that is open.
	 */
	void record(long millis) throws SQLException {
		if (this.migration.isDown()) {
			this.history.changes().change(this.migration, progress().reverted(millis));
		}
		else {
			this.history.changes().change(this.migration, progress().whole(millis));
			this.history.changes().change(this.migration, this.history.writer().record(this.migration.version()));
		}
	}

	private void change(String sql, boolean alone) throws SQLException {
		if (alone) {
			this.history.changes().changeAlone(this.migration, sql);
		}
		else {
			this.history.changes().change(this.migration, sql);
		}
	}

	private ProgressWriter progress() {
		return this.history.writer().progress(this.migration.version());
	}

}
