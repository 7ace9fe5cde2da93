package io.github.migrateboot.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.TableName;

/**
 * Reads the history table and the journal, whichever of them is there. Thread-safe;
 * connections must be in autocommit, because a missing table is found out by an error.
 */
final class HistoryReader {

	static final String JOURNAL_SUFFIX = "_journal";

	private static final String ENTRY = "version, name, state, checksum, statements_done, statement, statements,"
			+ " started_at, finished_at, duration_ms, instance, error";

	private final Database database;

	private final TableName table;

	private final TableName journal;

	/**
	 * Create a reader.
	 * @param database the kind of database
	 * @param table the history table; without a schema, the session's current schema is
	 * meant
	 */
	HistoryReader(Database database, TableName table) {
		this.database = database;
		this.table = table;
		this.journal = table.with(JOURNAL_SUFFIX);
	}

	/**
	 * Read versions and progress: one query, two where the journal is missing.
	 * @param connection the connection to use
	 * @return the history, or empty if an unqualified name meant a table in another
	 * schema further down the search path
	 * @throws SQLException if the tables are there and cannot be read
	 */
	Optional<HistorySnapshot> read(Connection connection) throws SQLException {
		try {
			return query(connection, versionsQuery() + " UNION ALL " + journalQuery(), true);
		}
		catch (SQLException ex) {
			if (!this.database.errors().isMissingTable(ex)) {
				throw ex;
			}
			if (!mentionsJournal(ex)) {
				return Optional.of(HistorySnapshot.NOTHING);
			}
		}
		try {
			return query(connection, versionsQuery(), false);
		}
		catch (SQLException ex) {
			if (!this.database.errors().isMissingTable(ex)) {
				throw ex;
			}
			return Optional.of(HistorySnapshot.NOTHING);
		}
	}

	// The first missing table of the query is named; the history table stands first in
	// it.
	private boolean mentionsJournal(SQLException ex) {
		String message = String.valueOf(ex.getMessage());
		return message.contains(this.journal.name()) || !message.contains(this.table.name());
	}

	private String versionsQuery() {
		return "SELECT version AS v, NULL AS j, NULL AS checksum, NULL AS state, NULL AS done, NULL AS statement, "
				+ here(this.table) + " AS here FROM " + this.database.quote(this.table);
	}

	private String journalQuery() {
		return "SELECT NULL, version, checksum, state, statements_done, statement, " + here(this.journal) + " FROM "
				+ this.database.quote(this.journal);
	}

	private String here(TableName name) {
		return (name.schema() != null) ? "1" : "CASE WHEN "
				+ this.database.dialect().isInCurrentSchema(this.database.quote(name.name())) + " THEN 1 ELSE 0 END";
	}

	private Optional<HistorySnapshot> query(Connection connection, String sql, boolean journalExists)
			throws SQLException {
		Set<String> versions = new HashSet<>();
		Map<String, JournalProgress> progress = new HashMap<>();
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			while (rows.next()) {
				if (rows.getInt("here") != 1) {
					return Optional.empty();
				}
				String version = rows.getString("v");
				if (version != null) {
					versions.add(version);
				}
				else {
					progress.put(rows.getString("j"), new JournalProgress(JournalState.of(rows.getString("state")),
							rows.getString("checksum"), rows.getInt("done"), rows.getInt("statement")));
				}
			}
		}
		return Optional.of(new HistorySnapshot(true, journalExists, versions, progress));
	}

	/**
	 * Read the whole journal.
	 * @param connection the connection to use
	 * @return the rows by version; empty if there is no journal
	 * @throws SQLException if the journal is there and cannot be read
	 */
	Map<String, JournalEntry> entries(Connection connection) throws SQLException {
		Map<String, JournalEntry> entries = new HashMap<>();
		String sql = "SELECT " + ENTRY + " FROM " + this.database.quote(this.journal);
		try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
			while (rows.next()) {
				JournalEntry entry = entry(rows);
				entries.put(entry.version(), entry);
			}
		}
		catch (SQLException ex) {
			if (!this.database.errors().isMissingTable(ex)) {
				throw ex;
			}
		}
		return entries;
	}

	private JournalEntry entry(ResultSet row) throws SQLException {
		long millis = row.getLong("duration_ms");
		Long duration = row.wasNull() ? null : Long.valueOf(millis);
		return new JournalEntry(row.getString("version"), row.getString("name"),
				JournalState.of(row.getString("state")), row.getString("checksum"), row.getInt("statements_done"),
				row.getInt("statement"), row.getInt("statements"),
				this.database.dialect().readTimestamp(row, "started_at"),
				this.database.dialect().readTimestamp(row, "finished_at"), duration, row.getString("instance"),
				row.getString("error"));
	}

	/**
	 * Read what is known about a migration that was begun.
	 * @param connection the connection to use
	 * @param version the version
	 * @return what is known, if there is such a row
	 * @throws SQLException if the journal cannot be read
	 */
	Optional<JournalAttempt> attempt(Connection connection, String version) throws SQLException {
		String sql = "SELECT " + ENTRY + ", statement_hashes, statement_at, building, answers FROM "
				+ this.database.quote(this.journal) + " WHERE version = " + this.database.dialect().literal(version);
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
			if (!row.next()) {
				return Optional.empty();
			}
			return Optional.of(new JournalAttempt(entry(row), List.of(row.getString("statement_hashes").split(" ")),
					this.database.dialect().readTimestamp(row, "statement_at"), row.getString("building"),
					row.getString("answers")));
		}
	}

}
