package io.github.migrateboot.history;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import io.github.migrateboot.database.CatalogRow;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.SchemaCatalog;
import io.github.migrateboot.database.TableCatalog;
import io.github.migrateboot.database.TableName;

/**
 * Reads the history table and the journal, whichever of them is there. Thread-safe;
 * connections must be in autocommit, because a missing table is found out by an error.
 */
final class HistoryReader {

	static final String JOURNAL_SUFFIX = "_journal";

	private static final String UNION = " UNION ALL ";

	/*
	 * The columns of each part of the query: finding them by name takes time in every
	 * row.
	 */

	private static final int VERSION = 1;

	private static final int JOURNAL_VERSION = 2;

	private static final int NAME = 3;

	private static final int CHECKSUM = 4;

	private static final int STATE = 5;

	private static final int DONE = 6;

	private static final int STATEMENT = 7;

	private static final int KIND = 8;

	private static final String ENTRY = "version, name, state, checksum, statements_done, statement, statements,"
			+ " started_at, finished_at, duration_ms, instance, error";

	private final ReadGuard guard;

	private final Database database;

	private final TableName table;

	private final TableName journal;

	/**
	 * Create a reader.
	 * @param database the kind of database
	 * @param table the history table; without a schema, the session's current schema is
	 * meant
	 * @param guard through which it reads
	 */
	HistoryReader(Database database, TableName table, ReadGuard guard) {
		this.guard = guard;
		this.database = database;
		this.table = table;
		this.journal = table.with(JOURNAL_SUFFIX);
	}

	/**
	 * Read versions and progress: one query, two where the journal is missing.
	 * @param connection the connection to use
	 * @return the history
	 * @throws SQLException if the tables are there and cannot be read
	 */
	HistorySnapshot read(Connection connection) throws SQLException {
		return query(connection, "").snapshot();
	}

	/**
	 * Read the same and, in the same query, what the catalog says about the table.
	 * @param connection the connection to use
	 * @return what was found; without a table, nothing is said about it
	 * @throws SQLException if the tables are there and cannot be read
	 */
	HistoryLook look(Connection connection) throws SQLException {
		TableCatalog catalog = this.database.catalog();
		SchemaCatalog unqualified = (this.table.schema() == null) ? catalog.schemas() : null;
		String schemas = (unqualified != null) ? unqualified.query(this.table, this.journal) : null;
		return query(connection,
				wide(catalog.columns(this.table)) + UNION + ((schemas != null) ? wide(schemas) + UNION : ""));
	}

	/**
	 * Read what the catalog says about the columns of the table.
	 * @param connection the connection to use
	 * @return the columns, empty if there is no such table
	 * @throws SQLException if the catalog cannot be read
	 */
	List<CatalogRow> columns(Connection connection) throws SQLException {
		return query(connection, wide(this.database.catalog().columns(this.table)), false).columns();
	}

	private HistoryLook query(Connection connection, String catalog) throws SQLException {
		try {
			return query(connection, catalog + versionsQuery() + UNION + journalQuery(), true);
		}
		catch (SQLException ex) {
			if (!this.database.errors().isMissingTable(ex)) {
				throw ex;
			}
			if (!mentionsJournal(ex)) {
				return HistoryLook.NOTHING;
			}
		}
		try {
			return query(connection, catalog + versionsQuery(), false);
		}
		catch (SQLException ex) {
			if (!this.database.errors().isMissingTable(ex)) {
				throw ex;
			}
			return HistoryLook.NOTHING;
		}
	}

	// The first missing table of the query is named; the history table stands first in
	// it.
	private boolean mentionsJournal(SQLException ex) {
		String message = String.valueOf(ex.getMessage());
		return message.contains(this.journal.name()) || !message.contains(this.table.name());
	}

	private static String wide(String catalogQuery) {
		return "SELECT NULL AS v, NULL AS j, NULL AS name, NULL AS checksum, NULL AS state, 0 AS done,"
				+ " 0 AS statement, kind, label, a1, a2, a3, flags FROM (" + catalogQuery + ") c";
	}

	private String versionsQuery() {
		return "SELECT version AS v, NULL AS j, NULL AS name, NULL AS checksum, NULL AS state, 0 AS done,"
				+ " 0 AS statement, 'version' AS kind, NULL AS label, NULL AS a1, NULL AS a2, NULL AS a3,"
				+ " 0 AS flags FROM " + this.database.quote(this.table);
	}

	private String journalQuery() {
		return "SELECT NULL, version, name, checksum, state, statements_done, statement, 'journal', NULL, NULL, NULL,"
				+ " NULL, 0 FROM " + this.database.quote(this.journal);
	}

	private HistoryLook query(Connection connection, String sql, boolean journalExists) throws SQLException {
		return guarded(connection, sql, (rows) -> {
			Set<String> versions = new HashSet<>();
			Map<String, JournalProgress> progress = new HashMap<>();
			Map<String, String> names = new HashMap<>();
			List<CatalogRow> columns = new ArrayList<>();
			List<CatalogRow> schemas = new ArrayList<>();
			while (rows.next()) {
				switch (rows.getString(KIND)) {
					case "version" -> versions.add(rows.getString(VERSION));
					case "journal" -> {
						String version = rows.getString(JOURNAL_VERSION);
						names.put(version, rows.getString(NAME));
						progress.put(version, new JournalProgress(JournalState.of(rows.getString(STATE)),
								rows.getString(CHECKSUM), rows.getInt(DONE), rows.getInt(STATEMENT)));
					}
					case CatalogRow.COLUMN -> columns.add(catalogRow(rows));
					default -> schemas.add(catalogRow(rows));
				}
			}
			return new HistoryLook(new HistorySnapshot(true, journalExists, versions, progress), names, columns,
					schemas);
		});
	}

	private <T> T guarded(Connection connection, String sql, Rows<T> rows) throws SQLException {
		return this.guard.read(this.database, this.table, connection, (statement) -> {
			try (ResultSet result = statement.executeQuery(sql)) {
				return rows.read(result);
			}
		});
	}

	private static CatalogRow catalogRow(ResultSet row) throws SQLException {
		return new CatalogRow(row.getString("kind"), row.getString("label"), row.getString("a1"), row.getString("a2"),
				row.getString("a3"), row.getInt("flags"));
	}

	/**
	 * Read the whole journal.
	 * @param connection the connection to use
	 * @return the rows by version; empty if there is no journal
	 * @throws SQLException if the journal is there and cannot be read
	 */
	Map<String, JournalEntry> entries(Connection connection) throws SQLException {
		String sql = "SELECT " + ENTRY + " FROM " + this.database.quote(this.journal);
		try {
			return guarded(connection, sql, (rows) -> {
				Map<String, JournalEntry> entries = new HashMap<>();
				while (rows.next()) {
					JournalEntry entry = entry(rows);
					entries.put(entry.version(), entry);
				}
				return entries;
			});
		}
		catch (SQLException ex) {
			if (!this.database.errors().isMissingTable(ex)) {
				throw ex;
			}
			return Map.of();
		}
	}

	private JournalEntry entry(ResultSet row) throws SQLException {
		long millis = row.getLong("duration_ms");
		Long duration = row.wasNull() ? null : Long.valueOf(millis);
		return new JournalEntry(row.getString("version"), row.getString("name"),
				JournalState.of(row.getString("state")), row.getString("checksum"), row.getInt("statements_done"),
				row.getInt("statement"), row.getInt("statements"),
				this.database.dialect().time().readTimestamp(row, "started_at"),
				this.database.dialect().time().readTimestamp(row, "finished_at"), duration, row.getString("instance"),
				row.getString("error"));
	}

	/**
	 * Read what is known about a migration that was started.
	 * @param connection the connection to use
	 * @param version the version
	 * @return what is known, if there is such a row
	 * @throws SQLException if the journal cannot be read
	 */
	Optional<JournalAttempt> attempt(Connection connection, String version) throws SQLException {
		String sql = "SELECT " + ENTRY + ", statement_hashes, statement_at, building, answers FROM "
				+ this.database.quote(this.journal) + " WHERE version = " + this.database.dialect().literal(version);
		return guarded(connection, sql, (row) -> {
			if (!row.next()) {
				return Optional.empty();
			}
			return Optional.of(new JournalAttempt(entry(row), StatementHashes.read(row.getString("statement_hashes")),
					this.database.dialect().time().readTimestamp(row, "statement_at"), row.getString("building"),
					Objects.requireNonNullElse(row.getString("answers"), "")));
		});
	}

	/**
	 * Reads the rows of a query.
	 *
	 * @param <T> what is read
	 */
	@FunctionalInterface
	private interface Rows<T> {

		T read(ResultSet rows) throws SQLException;

	}

}
