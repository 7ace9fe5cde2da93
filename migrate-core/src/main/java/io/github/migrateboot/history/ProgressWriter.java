package io.github.migrateboot.history;

import java.time.Instant;
import java.util.List;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.SqlDialect;
import org.jspecify.annotations.Nullable;

/**
 * Words the statements that journal how far a migration is, each of which changes one row
 * while the lock is held. Immutable.
 */
public final class ProgressWriter {

	private final SqlDialect dialect;

	private final JournalText text;

	private final String journal;

	private final String version;

	private final String lockCondition;

	ProgressWriter(Database database, String journal, String version, String lockCondition) {
		this.dialect = database.dialect();
		this.text = new JournalText(database);
		this.journal = journal;
		this.version = version;
		this.lockCondition = lockCondition;
	}

	/**
	 * Journal that a migration goes on, perhaps with a fixed file.
	 * @param recording the migration as its file is now
	 * @param done how many statements have surely taken effect, or count as if they had
	 * @param answers the answers to unknown outcomes that have been used
	 * @return one statement
	 */
	public String resume(Recording recording, int done, String answers) {
		return update("name = " + this.text.name(recording.name()) + ", checksum = "
				+ this.dialect.literal(recording.checksum()) + ", state = "
				+ this.dialect.literal(JournalState.RUNNING.stored()) + ", statements_done = " + done
				+ ", statement = 0, statements = " + recording.statements() + ", statement_hashes = "
				+ this.dialect.literal(StatementHashes.first(recording.statementHashes()))
				+ ((done == 0) ? ", started_at = " + this.dialect.time().now() : "")
				+ ", finished_at = NULL, duration_ms = NULL, instance = " + this.text.instance(recording.instance())
				+ ", error = NULL, statement_at = NULL, building = NULL, answers = " + this.dialect.literal(answers));
	}

	/**
	 * Journal that the rollback of a migration begins or goes on.
	 * @param recording its down block
	 * @param done how many of its statements have surely taken effect, or count as if
	 * they had
	 * @param answers the answers to unknown outcomes that have been used
	 * @return one statement
	 */
	public String revert(Recording recording, int done, String answers) {
		return update("state = " + this.dialect.literal(JournalState.REVERTING.stored()) + ", statements_done = " + done
				+ ", statement = 0, statements = " + recording.statements() + ", statement_hashes = "
				+ this.dialect.literal(StatementHashes.first(recording.statementHashes()))
				+ ((done == 0) ? ", started_at = " + this.dialect.time().now() : "")
				+ ", finished_at = NULL, duration_ms = NULL, instance = " + this.text.instance(recording.instance())
				+ ", error = NULL, statement_at = NULL, building = NULL, answers = " + this.dialect.literal(answers));
	}

	/**
	 * Journal what was known before a rollback that had no effect.
	 * @param before what was known
	 * @return one statement
	 */
	public String takeBack(JournalAttempt before) {
		JournalEntry entry = before.entry();
		return update("state = " + this.dialect.literal(entry.state().stored()) + ", statements_done = " + entry.done()
				+ ", statement = " + entry.statement() + ", statements = " + entry.statements()
				+ ", statement_hashes = "
				+ this.dialect.literal(StatementHashes.first(String.join(" ", before.hashes()))) + ", started_at = "
				+ time(entry.startedAt()) + ", finished_at = " + time(entry.finishedAt()) + ", duration_ms = "
				+ entry.millis() + ", instance = " + this.text.instance(entry.instance()) + ", error = "
				+ this.text.error(entry.error()) + ", statement_at = " + time(before.statementAt()) + ", building = "
				+ nullable(before.building()));
	}

	private String time(@Nullable Instant time) {
		return (time != null) ? this.dialect.time().timestamp(time) : "NULL";
	}

	/**
	 * Journal that a migration is rolled back as a whole.
	 * @param millis how long that took, in milliseconds
	 * @return one statement
	 */
	public String reverted(long millis) {
		return update("state = " + this.dialect.literal(JournalState.REVERTED.stored())
				+ ", statements_done = statements, statement = 0, finished_at = " + this.dialect.time().now()
				+ ", duration_ms = " + millis + ", error = NULL");
	}

	/**
	 * Journal that a migration is taken up by an instance, and nothing else.
	 * @param instance the instance
	 * @return one statement
	 */
	public String takeUp(String instance) {
		return update("instance = " + this.text.instance(instance));
	}

	/**
	 * Journal the intent to run a statement, and how many before it are done.
	 * @param statement the number of the statement
	 * @param done how many statements have surely taken effect
	 * @param building the index that the statement builds concurrently, or {@code null}
	 * @return one statement
	 */
	public String intent(int statement, int done, @Nullable String building) {
		return update("statements_done = " + done + ", statement = " + statement + ", statement_at = "
				+ this.dialect.time().now() + ", building = " + nullable(building));
	}

	/**
	 * Journal that a statement is done.
	 * @param statement the number of the statement
	 * @return one statement
	 */
	public String done(int statement) {
		return update("statements_done = " + statement + ", statement = 0, building = NULL");
	}

	/**
	 * Journal that a statement failed.
	 * @param state {@code FAILED}, or {@code RUNNING} if a part of the statement may have
	 * taken effect
	 * @param done how many statements have surely taken effect
	 * @param statement the number of the statement
	 * @param building the index that the statement was building concurrently, or
	 * {@code null}
	 * @param error the error
	 * @return one statement
	 */
	public String failedAt(JournalState state, int done, int statement, @Nullable String building, String error) {
		return update("state = " + this.dialect.literal(state.stored()) + ", statements_done = " + done
				+ ", statement = " + statement + ", finished_at = " + this.dialect.time().now() + ", building = "
				+ nullable(building) + ", error = " + this.text.error(error));
	}

	/**
	 * Journal that the migration is whole.
	 * @param millis how long it took, in milliseconds
	 * @return one statement
	 */
	public String whole(long millis) {
		return update("state = " + this.dialect.literal(JournalState.APPLIED.stored())
				+ ", statements_done = statements, statement = 0, finished_at = " + this.dialect.time().now()
				+ ", duration_ms = " + millis + ", error = NULL");
	}

	/**
	 * Journal the hashes of statements for which the row had no room in its first
	 * statement.
	 * @param hashes all hashes, separated by blanks
	 * @return statements, none for most migrations
	 */
	public List<String> moreHashes(String hashes) {
		return StatementHashes.others(hashes)
			.stream()
			.map((piece) -> update(
					"statement_hashes = " + this.dialect.append("statement_hashes", this.dialect.literal(piece))))
			.toList();
	}

	private String update(String assignments) {
		return "UPDATE " + this.journal + " SET " + assignments + " WHERE version = "
				+ this.dialect.literal(this.version) + " AND " + this.lockCondition;
	}

	private String nullable(@Nullable String value) {
		return (value != null) ? this.dialect.literal(value) : "NULL";
	}

}
