package io.github.migrateboot.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.database.SqlTime;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.HistoryAccessException;
import io.github.migrateboot.failure.HistoryBusyException;
import io.github.migrateboot.failure.MigrationException;

/**
 * The history table and the journal of a run, read in one place and with one opinion
 * about what goes wrong. Thread-safe; connections must be in autocommit, because a
 * missing table is found out by an error.
 */
public final class History {

	private final Database database;

	private final TableName table;

	private final HistoryReader reader;

	private final HistoryReader briefReader;

	/**
	 * Create a history.
	 * @param database the kind of database
	 * @param table the history table with its schema
	 * @param guard through which it is read
	 */
	public History(Database database, TableName table, ReadGuard guard) {
		this.database = database;
		this.table = table;
		this.reader = new HistoryReader(database, table, guard);
		this.briefReader = new HistoryReader(database, table, guard.briefly());
	}

	/**
	 * Return the kind of database.
	 * @return the database
	 */
	public Database database() {
		return this.database;
	}

	/**
	 * Return the history table.
	 * @return its name
	 */
	public TableName table() {
		return this.table;
	}

	/**
	 * Return what words recording statements.
	 * @param lockCondition an SQL condition that is true only while the lock is held
	 * @return the writer
	 */
	public HistoryWriter writer(String lockCondition) {
		return new HistoryWriter(this.database, this.table, lockCondition);
	}

	/**
	 * Read versions and progress.
	 * @param connection the connection to use
	 * @return the history
	 * @throws DatabaseAccessException if the connection is lost
	 * @throws HistoryAccessException if the tables are there and cannot be read
	 */
	public HistorySnapshot read(Connection connection) {
		try {
			return this.reader.read(connection);
		}
		catch (SQLException ex) {
			throw failure("read", ex);
		}
	}

	/**
	 * Read versions and progress while others migrate.
	 * @param connection the connection to use
	 * @return the history, or empty if what others do holds the answer up
	 * @throws DatabaseAccessException if the connection is lost
	 * @throws HistoryAccessException if the tables are there and cannot be read
	 */
	public Optional<HistorySnapshot> readUnlessBusy(Connection connection) {
		try {
			return Optional.of(this.briefReader.read(connection));
		}
		catch (HistoryBusyException ex) {
			return Optional.empty();
		}
		catch (SQLException ex) {
			throw failure("read", ex);
		}
	}

	/**
	 * Read the whole journal.
	 * @param connection the connection to use
	 * @return the rows by version; empty if there is no journal
	 * @throws SQLException if the journal is there and cannot be read
	 */
	public Map<String, JournalEntry> journal(Connection connection) throws SQLException {
		return this.reader.entries(connection);
	}

	/**
	 * Read what is known about a migration that was started.
	 * @param connection the connection to use
	 * @param version the version
	 * @return what is known, if there is such a row
	 * @throws SQLException if the journal cannot be read
	 */
	public Optional<JournalAttempt> attempt(Connection connection, String version) throws SQLException {
		return this.reader.attempt(connection, version);
	}

	/**
	 * Ask for the present moment by the database's clock, which the journal goes by.
	 * @param connection the connection to use
	 * @return the moment
	 * @throws SQLException if the database cannot be asked
	 */
	public Instant now(Connection connection) throws SQLException {
		SqlTime time = this.database.dialect().time();
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT " + time.now() + " AS present")) {
			row.next();
			return Objects.requireNonNull(time.readTimestamp(row, "present"));
		}
	}

	/**
	 * Word that the tables could not be used.
	 * @param doing what could not be done, as a participle
	 * @param error the database's error
	 * @return what to throw
	 */
	public MigrationException failure(String doing, SQLException error) {
		if (SqlErrors.isConnectionLost(error)) {
			return SqlErrors.access("using the history", error);
		}
		return new HistoryAccessException(describe(doing, error), hint(error) + " Then start again.", error);
	}

	/**
	 * Say that the tables could not be used.
	 * @param doing what could not be done, as a participle
	 * @param error the database's error
	 * @return a sentence
	 */
	public FailureText describe(String doing, SQLException error) {
		return FailureText.of("The history table " + this.table + " or its journal could not be " + doing + ": ")
			.and(SqlErrors.text(SqlErrors.serverError(error)))
			.and(".");
	}

	/**
	 * Say what to do about it.
	 * @param error the database's error
	 * @return a sentence
	 */
	public String hint(SQLException error) {
		if (this.database.errors().isPermissionDenied(error)) {
			return "Grant the application's user the privileges that docs/databases.md lists for "
					+ this.database.displayName() + ", or set migrate.table to a table that it may use.";
		}
		if (this.database.errors().isMissingTable(error)) {
			return "Restore the table, and remove from the migrations what drops or renames it.";
		}
		return "Fix what the database's message says.";
	}

}
