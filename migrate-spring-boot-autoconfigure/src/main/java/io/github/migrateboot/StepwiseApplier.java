package io.github.migrateboot;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.history.HistoryWriter;
import io.github.migrateboot.history.Progress;
import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;

/**
 * Applies a migration statement by statement, where it cannot be rolled back as a whole:
 * because DDL commits, or because the author switched the transaction off. Before each
 * statement that may take effect by itself, the journal tells what is done and what is
 * begun.
 * <p>
 * In a section that has its transaction, the journal is written in that same transaction:
 * the commit that DDL implies carries it, and a section of pure data changes stays
 * atomic.
 */
final class StepwiseApplier implements MigrationApplier {

	private static final Set<String> PLAIN_DATA = Set.of("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "SELECT",
			"WITH", "VALUES", "TABLE");

	private final RunContext run;

	private final HistoryWriter writer;

	/** How many statements of the migration have surely taken effect for good. */
	private int done;

	StepwiseApplier(RunContext run) {
		this.run = run;
		this.writer = run.writer();
	}

	@Override
	public boolean apply(PendingMigration migration) throws SQLException {
		this.done = 0;
		try {
			applySections(migration);
			return true;
		}
		catch (SQLException ex) {
			// A statement of the migration fails with a sentence of its own.
			throw unrecorded(migration, ex);
		}
	}

	private void applySections(PendingMigration migration) throws SQLException {
		long start = System.nanoTime();
		String version = migration.version();
		execute(this.writer.forget(version));
		change(migration, this.writer.begin(migration.recording(this.run.instance().toString())));
		Iterator<Section> sections = migration.script().sections().iterator();
		while (sections.hasNext()) {
			Section section = sections.next();
			boolean transactional = PendingMigration.isTransactional(section);
			if (transactional) {
				this.run.connection().setAutoCommit(false);
			}
			try {
				runSection(migration, section, transactional);
				if (!sections.hasNext()) {
					record(migration, start);
				}
				else if (transactional) {
					this.run.connection().commit();
					this.done = section.statements().isEmpty() ? this.done : lastStatement(section);
				}
			}
			finally {
				Transactions.end(this.run.connection());
			}
		}
	}

	private void runSection(PendingMigration migration, Section section, boolean transactional) throws SQLException {
		boolean ddlTransactional = this.run.database().hasTransactionalDdl();
		Interlude interlude = new Interlude(!ddlTransactional);
		for (SqlStatement statement : section.statements()) {
			this.run.board().statement(statement.number());
			boolean journalled = !transactional || (!ddlTransactional && mayCommit(statement));
			if (journalled && !interlude.isOpen()) {
				change(migration, this.writer.intent(migration.version(), statement.number()));
			}
			try {
				execute(statement.text());
			}
			catch (SQLException ex) {
				throw failure(migration, statement, ex, interlude);
			}
			interlude.after(statement);
			if (!transactional) {
				this.done = statement.number();
			}
			else if (journalled) {
				keep(migration, statement, interlude);
			}
		}
		if (interlude.isOpen()) {
			leave(interlude);
		}
		if (!section.statements().isEmpty()) {
			change(migration, this.writer.done(migration.version(), lastStatement(section)));
		}
	}

	/**
	 * Return whether a statement may commit the transaction it runs in, so that the
	 * journal has to say before what is begun. What only changes data does not, and is
	 * not journalled one by one.
	 */
	private static boolean mayCommit(SqlStatement statement) {
		return PLAIN_DATA.stream().noneMatch(statement::startsWith);
	}

	private void keep(PendingMigration migration, SqlStatement statement, Interlude interlude) throws SQLException {
		boolean commits = statement.kind() != Kind.DATA;
		if (commits) {
			this.done = statement.number();
		}
		if (!interlude.isOpen()) {
			change(migration, this.writer.done(migration.version(), statement.number()));
		}
		if (commits) {
			this.run.connection().commit();
		}
	}

	private static int lastStatement(Section section) {
		List<SqlStatement> statements = section.statements();
		return statements.get(statements.size() - 1).number();
	}

	private void leave(Interlude interlude) throws SQLException {
		if (interlude.areTablesLocked()) {
			execute("UNLOCK TABLES");
		}
		for (String sql : this.run.sessionReset()) {
			execute(sql);
		}
	}

	/**
	 * Record the version and close the journal row in one transaction.
	 */
	private void record(PendingMigration migration, long start) throws SQLException {
		for (String sql : this.run.sessionReset()) {
			execute(sql);
		}
		if (this.run.connection().getAutoCommit()) {
			this.run.connection().setAutoCommit(false);
		}
		long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
		change(migration, this.writer.whole(migration.version(), millis));
		change(migration, this.writer.record(migration.version()));
		this.run.connection().commit();
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.run.connection().createStatement()) {
			statement.setEscapeProcessing(false);
			statement.execute(sql);
			ServerNotices.log(statement);
		}
	}

	/**
	 * Execute a recording statement, which changes exactly one row while the lock is
	 * held.
	 */
	private void change(PendingMigration migration, String sql) throws SQLException {
		try (Statement statement = this.run.connection().createStatement()) {
			if (statement.executeUpdate(sql) == 1) {
				return;
			}
		}
		catch (SQLException ex) {
			if (!this.run.database().isNullRefused(ex)) {
				throw ex;
			}
		}
		throw new LockLostException(
				"The lock was no longer held while " + migration + " was being applied, so nothing was recorded after"
						+ " that. " + this.run.soFar().get(),
				"See the journal for how far the migration is, and look in the file for a statement that releases"
						+ " locks, such as RELEASE_ALL_LOCKS() or pg_advisory_unlock_all().");
	}

	private MigrationException failure(PendingMigration migration, SqlStatement statement, SQLException error,
			Interlude interlude) {
		StatementFailure wording = new StatementFailure(migration, statement, error);
		if (SqlErrors.isConnectionLost(error)) {
			return wording.toException(this.run.database(),
					"The connection is gone, so whether the statement took effect is not known. "
							+ this.run.soFar().get(),
					"See whether the database is up, then start again: the next start says how far the migration is.");
		}
		try {
			Transactions.end(this.run.connection());
			// A transaction that the file began by itself.
			Transactions.rollBack(this.run.connection());
			leave(interlude);
			this.done = Math.max(this.done, journalledAsDone(migration));
			change(migration, this.writer.failedAt(migration.version(), this.done, statement.number(),
					SqlErrors.describe(SqlErrors.serverError(error))));
			return explain(migration, wording);
		}
		catch (SQLException | LockLostException ex) {
			error.addSuppressed(ex);
			return wording.toException(this.run.database(),
					"The failure could not be journalled. " + this.run.soFar().get(),
					"See whether the database is up, then start again: the next start says how far the migration is.");
		}
	}

	/**
	 * DDL that fails may have committed what stood before it, and the journal with that.
	 */
	private int journalledAsDone(PendingMigration migration) throws SQLException {
		return this.run.reader()
			.read(this.run.connection())
			.flatMap((history) -> history.unfinished(migration.version()))
			.map(Progress::done)
			.orElse(0);
	}

	private MigrationException unrecorded(PendingMigration migration, SQLException error) throws SQLException {
		if (SqlErrors.isConnectionLost(error)) {
			throw error;
		}
		if (this.done == 0) {
			return SqlErrors.history(this.run, migration, error, "Nothing of the migration has taken effect.",
					"The next start runs the migration from its first statement.");
		}
		String effect = "Statements 1 to " + this.done + " of " + migration.statements().size()
				+ " have taken effect and stay.";
		if (isJournalled(migration)) {
			return SqlErrors.history(this.run, migration, error, effect,
					HalfApplied.waysOn(this.run, migration, this.done));
		}
		return SqlErrors.history(this.run, migration, error, effect,
				"The next start cannot know of them, because the journal is gone, so before it either undo them by hand;"
						+ " or complete the migration by hand and run: " + HalfApplied.recordByHand(this.run, migration)
						+ "; then it counts as applied.");
	}

	private boolean isJournalled(PendingMigration migration) {
		try {
			return this.run.reader().entries(this.run.connection()).containsKey(migration.version());
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private MigrationFailedException explain(PendingMigration migration, StatementFailure wording) {
		if (this.done == 0) {
			return wording.toException(this.run.database(), "Nothing of the migration has taken effect. " + this.run
				.soFar()
				.get(), "Mend line " + wording.line(this.run.database())
						+ " of the file and start again: the next start runs the migration from its first statement.");
		}
		return wording.toException(
				this.run.database(), "Statements 1 to " + this.done
						+ " have taken effect and stay; the others have not. " + this.run.soFar().get(),
				HalfApplied.waysOn(this.run, migration, this.done));
	}

}
