package io.github.migrateboot.history;

import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.SqlDialect;
import io.github.migrateboot.database.TableName;
import org.jspecify.annotations.Nullable;

/**
 * Words the statements that create the tables and record migrations. Each recording
 * statement contains the lock's condition. Values stand in the text as literals and not
 * as parameters, so that a record can ride in one batch with the statements that it
 * records. Immutable.
 */
public final class HistoryWriter {

	private static final List<String> COLUMNS = List.of("version", "name", "checksum", "state", "statements_done",
			"statement", "statements", "statement_hashes", "started_at", "finished_at", "duration_ms", "instance",
			"error");

	private final Database database;

	private final TableName table;

	private final String journal;

	private final String lockCondition;

	/**
	 * Create a writer.
	 * @param database the kind of database
	 * @param table the history table, with its schema resolved
	 * @param lockCondition an SQL condition that is true only while the lock is held
	 */
	public HistoryWriter(Database database, TableName table, String lockCondition) {
		this.database = database;
		this.table = table;
		this.journal = database.quote(table.with(HistoryReader.JOURNAL_SUFFIX));
		this.lockCondition = lockCondition;
	}

	/**
	 * Return the statements that create whichever table is missing.
	 * @return DDL
	 */
	public List<String> create() {
		return List.of(createTable(), createJournal());
	}

	/**
	 * Return the query that finds a journal which depends on the server's defaults.
	 * @return a query, or {@code null} where there is none
	 */
	public @Nullable String findOutdatedJournal() {
		return this.database.catalog().withOtherOptions(this.table.with(HistoryReader.JOURNAL_SUFFIX));
	}

	/**
	 * Return the statement that makes such a journal like a new one.
	 * @return DDL
	 */
	public String updateJournal() {
		return "ALTER TABLE " + this.journal
				+ this.database.dialect().tableOptions().replace("DEFAULT", ", CONVERT TO");
	}

	/**
	 * Return the statement that creates the history table's schema, as dbmate does.
	 * @return DDL, or {@code null} where schemas are not created
	 */
	public @Nullable String createSchema() {
		String schema = this.table.schema();
		return (schema != null && this.database.dialect().createsSchemas())
				? "CREATE SCHEMA IF NOT EXISTS " + this.database.quote(schema) : null;
	}

	/**
	 * Return the statement that fails, because of a NULL, if the history table is empty
	 * although the journal has applied migrations.
	 * @return one statement, for a transaction in which the tables are created
	 */
	public String refuseJournalWithoutHistory() {
		String quoted = this.database.quote(this.table);
		return "INSERT INTO " + quoted + " (version) SELECT NULL WHERE NOT EXISTS (SELECT 1 FROM " + quoted
				+ ") AND EXISTS (SELECT 1 FROM " + this.journal + " WHERE " + appliedByJournal() + ")";
	}

	private static String appliedByJournal() {
		return "state IN ('" + JournalState.APPLIED.stored() + "', '" + JournalState.BASELINE.stored() + "')";
	}

	/**
	 * Return the statements that make the history table anew from the journal.
	 * @return statements for people
	 */
	public List<String> restore() {
		return List.of(createTable(),
				"INSERT INTO " + this.database.quote(this.table) + " (version) SELECT version FROM " + this.journal
						+ " WHERE state IN ('" + JournalState.APPLIED.stored() + "', '" + JournalState.BASELINE.stored()
						+ "')");
	}

	/**
	 * Return the statement that drops the journal.
	 * @return a statement for people
	 */
	public String dropJournal() {
		return "DROP TABLE " + this.journal;
	}

	private String createTable() {
		SqlDialect dialect = this.database.dialect();
		return "CREATE TABLE IF NOT EXISTS " + this.database.quote(this.table) + " (version " + dialect.versionType()
				+ " " + primaryKey(this.table) + ")" + dialect.historyTableOptions();
	}

	private String primaryKey(TableName table) {
		return this.database.dialect().primaryKey(this.database.quote(table.name() + "_pkey"));
	}

	private String createJournal() {
		String time = this.database.dialect().time().type();
		return "CREATE TABLE IF NOT EXISTS " + this.journal + " (version varchar(128) NOT NULL "
				+ primaryKey(this.table.with(HistoryReader.JOURNAL_SUFFIX))
				+ ", name varchar(512) NOT NULL, checksum varchar(64) NOT NULL, state varchar(16) NOT NULL,"
				+ " statements_done integer NOT NULL, statement integer NOT NULL, statements integer NOT NULL,"
				+ " statement_hashes " + this.database.dialect().longTextType() + " NOT NULL, started_at " + time
				+ " NOT NULL, finished_at " + time + " NULL, duration_ms bigint NULL,"
				+ " instance varchar(255) NOT NULL, error " + this.database.dialect().longTextType() + " NULL,"
				+ " statement_at " + time + " NULL, building varchar(512) NULL," + " answers varchar(4000) NULL)"
				+ this.database.dialect().tableOptions();
	}

	/**
	 * Record a version. Where the lock is lost this is an error or inserts no row.
	 * @param version the version
	 * @return one statement
	 */
	public String record(String version) {
		return "INSERT INTO " + this.database.quote(this.table) + " (version) "
				+ whileLocked(List.of(this.database.dialect().literal(version)));
	}

	/**
	 * Record a version if another one is recorded. Otherwise, or where the lock is lost,
	 * this is an error.
	 * @param version the version
	 * @param previous the other one
	 * @return one statement
	 */
	public String recordAfter(String version, String previous) {
		String literal = this.database.dialect().literal(version);
		String quoted = this.database.quote(this.table);
		return "INSERT INTO " + quoted + " (version) VALUES (CASE WHEN EXISTS (SELECT 1 FROM " + quoted
				+ " WHERE version = " + this.database.dialect().literal(previous) + ") AND " + this.lockCondition
				+ " THEN " + literal + " END)";
	}

	/**
	 * Remove the record of a version. Where the lock is lost no row is removed.
	 * @param version the version
	 * @return one statement
	 */
	public String unrecord(String version) {
		return "DELETE FROM " + this.database.quote(this.table) + " WHERE version = "
				+ this.database.dialect().literal(version) + " AND " + this.lockCondition;
	}

	/**
	 * Journal that the rollback of a migration begins that has no journal row.
	 * @param recording the down block
	 * @return one statement
	 */
	public String beginReverting(Recording recording) {
		return insert(recording, JournalState.REVERTING, 0, 0, this.database.dialect().time().now(), "NULL", "NULL",
				null);
	}

	/**
	 * Record a version again if the migration itself has removed it.
	 * @param version the version
	 * @return one statement, which fails if the table is gone
	 */
	public String keep(String version) {
		String literal = this.database.dialect().literal(version);
		String quoted = this.database.quote(this.table);
		return "INSERT INTO " + quoted + " (version) SELECT " + literal + " WHERE NOT EXISTS (SELECT 1 FROM " + quoted
				+ " WHERE version = " + literal + ")";
	}

	/**
	 * Forget what the journal says about a migration.
	 * @param version the version
	 * @return one statement
	 */
	public String forget(String version) {
		return "DELETE FROM " + this.journal + " WHERE version = " + this.database.dialect().literal(version);
	}

	/**
	 * Journal a migration that is whole, or that is recorded without being run. What is
	 * whole needs no hashes.
	 * @param recording the migration
	 * @param state its state
	 * @param startedAt SQL for the moment at which it was started
	 * @param millis SQL for how long it took
	 * @return one statement, to be preceded by {@link #forget}
	 */
	public String journal(Recording recording, JournalState state, String startedAt, String millis) {
		return insert(recording.withoutHashes(), state, recording.statements(), 0, startedAt,
				this.database.dialect().time().now(), millis, null);
	}

	/**
	 * Journal that a migration begins.
	 * @param recording the migration
	 * @return one statement, to be preceded by {@link #forget}
	 */
	public String begin(Recording recording) {
		return insert(recording, JournalState.RUNNING, 0, 0, this.database.dialect().time().now(), "NULL", "NULL",
				null);
	}

	/**
	 * Journal that a migration begins, and the intent to run its first statement.
	 * @param recording the migration
	 * @param building the index that the statement builds concurrently, or {@code null}
	 * @return one statement, to be preceded by {@link #forget}
	 */
	public String beginWithIntent(Recording recording, @Nullable String building) {
		SqlDialect dialect = this.database.dialect();
		List<String> columns = new ArrayList<>(COLUMNS);
		columns.addAll(List.of("statement_at", "building"));
		List<String> values = values(recording, JournalState.RUNNING, 0, 1, dialect.time().now(), "NULL", "NULL", null);
		values.addAll(List.of(dialect.time().now(), (building != null) ? dialect.literal(building) : "NULL"));
		return insert(columns, values);
	}

	/**
	 * Journal a migration that failed and of which nothing remains.
	 * @param recording the migration
	 * @param statement the number of the statement that failed
	 * @param error the error
	 * @return one statement, to be preceded by {@link #forget}, without hashes, which a
	 * migration that starts over does not need
	 */
	public String failed(Recording recording, int statement, String error) {
		return insert(recording.withoutHashes(), JournalState.FAILED, 0, statement,
				this.database.dialect().time().now(), this.database.dialect().time().now(), "NULL", error);
	}

	private String insert(Recording recording, JournalState state, int done, int statement, String startedAt,
			String finishedAt, String millis, @Nullable String error) {
		return insert(COLUMNS, values(recording, state, done, statement, startedAt, finishedAt, millis, error));
	}

	private String insert(List<String> columns, List<String> values) {
		return "INSERT INTO " + this.journal + " (" + String.join(", ", columns) + ") " + whileLocked(values);
	}

	private List<String> values(Recording recording, JournalState state, int done, int statement, String startedAt,
			String finishedAt, String millis, @Nullable String error) {
		SqlDialect dialect = this.database.dialect();
		JournalText text = new JournalText(this.database);
		return new ArrayList<>(List.of(dialect.literal(recording.version()), text.name(recording.name()),
				dialect.literal(recording.checksum()), dialect.literal(state.stored()), Integer.toString(done),
				Integer.toString(statement), Integer.toString(recording.statements()),
				dialect.literal(StatementHashes.first(recording.statementHashes())), startedAt, finishedAt, millis,
				text.instance(recording.instance()), text.error(error)));
	}

	private String whileLocked(List<String> values) {
		if (!this.database.has(Capability.TRANSACTIONAL_DDL)) {
			return "SELECT " + String.join(", ", values) + " FROM DUAL WHERE " + this.lockCondition;
		}
		// No row would go unnoticed until the batch has ended; NULL is refused at once.
		List<String> guarded = new ArrayList<>(values);
		guarded.set(0, "CASE WHEN " + this.lockCondition + " THEN " + values.get(0) + " END");
		return "VALUES (" + String.join(", ", guarded) + ")";
	}

	/**
	 * Return what words how far a migration is that has a journal row.
	 * @param version the version
	 * @return the writer
	 */
	public ProgressWriter progress(String version) {
		return new ProgressWriter(this.database, this.journal, version, this.lockCondition);
	}

}
