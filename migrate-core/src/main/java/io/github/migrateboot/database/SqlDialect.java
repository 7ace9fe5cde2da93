package io.github.migrateboot.database;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * How our own statements are worded.
 */
public enum SqlDialect {

	/**
	 * PostgreSQL.
	 */
	POSTGRESQL("timestamp with time zone", "text", "clock_timestamp()") {

		@Override
		public String literal(String value) {
			String text = value.replace("\0", "").replace("'", "''");
			// E'…' means the same whatever standard_conforming_strings is.
			return text.contains("\\") ? "E'" + text.replace("\\", "\\\\") + "'" : "'" + text + "'";
		}

		@Override
		public String versionType() {
			return "varchar";
		}

		@Override
		public String historyTableOptions() {
			// Not what default_table_access_method says, which need not know UPDATE.
			return " USING heap";
		}

		@Override
		public String tableOptions() {
			return historyTableOptions();
		}

		@Override
		public boolean createsSchemas() {
			return true;
		}

		@Override
		public String startOfTransaction() {
			return "transaction_timestamp()";
		}

		@Override
		public String millisSince(String start) {
			return "CAST(extract(epoch FROM clock_timestamp() - " + start + ") * 1000 AS bigint)";
		}

		@Override
		public @Nullable Instant readTimestamp(ResultSet row, String column) throws SQLException {
			return instant(row.getObject(column, OffsetDateTime.class));
		}

	},

	/**
	 * MySQL and MariaDB.
	 */
	MYSQL("datetime(3)", "mediumtext", "UTC_TIMESTAMP(3)") {

		@Override
		public String quote(String identifier) {
			return "`" + identifier.replace("`", "``") + "`";
		}

		@Override
		public String literal(String value) {
			// Whether a backslash escapes depends on the session's sql_mode, and what
			// other
			// characters mean on the connection's character set.
			return value.chars().allMatch((c) -> c >= ' ' && c <= '~' && c != '\\') ? super.literal(value)
					: "_utf8mb4 X'" + HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8)) + "'";
		}

		@Override
		public String historyTableOptions() {
			return " ENGINE = InnoDB";
		}

		@Override
		public String tableOptions() {
			return historyTableOptions() + " DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
		}

		@Override
		public String append(String column, String literal) {
			return "CONCAT(" + column + ", " + literal + ")";
		}

		@Override
		public @Nullable Instant readTimestamp(ResultSet row, String column) throws SQLException {
			LocalDateTime time = row.getObject(column, LocalDateTime.class);
			return (time != null) ? time.toInstant(ZoneOffset.UTC) : null;
		}

	},

	/**
	 * SQLite.
	 */
	SQLITE("text", "text", "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')") {

		@Override
		public String startOfTransaction() {
			return literal(Instant.now().toString());
		}

		@Override
		public String millisSince(String start) {
			return "CAST((julianday('now') - julianday(" + start + ")) * 86400000 AS integer)";
		}

		@Override
		public @Nullable Instant readTimestamp(ResultSet row, String column) throws SQLException {
			String time = row.getString(column);
			return (time != null) ? Instant.parse(time) : null;
		}

	},

	/**
	 * H2.
	 */
	H2("timestamp(3) with time zone", "clob", "CURRENT_TIMESTAMP(3)") {

		@Override
		public String primaryKey(String quotedName) {
			// What has no name is called CONSTRAINT_A or the like, as something of a
			// migration may be.
			return "CONSTRAINT " + quotedName + " PRIMARY KEY";
		}

		@Override
		public @Nullable Instant readTimestamp(ResultSet row, String column) throws SQLException {
			return instant(row.getObject(column, OffsetDateTime.class));
		}

	};

	private final String timestampType;

	private final String longTextType;

	private final String now;

	SqlDialect(String timestampType, String longTextType, String now) {
		this.timestampType = timestampType;
		this.longTextType = longTextType;
		this.now = now;
	}

	/**
	 * Quote one identifier.
	 * @param identifier the identifier as it is stored
	 * @return the quoted identifier, any quote inside it doubled
	 */
	public String quote(String identifier) {
		return "\"" + identifier.replace("\"", "\"\"") + "\"";
	}

	/**
	 * Return a literal that means the same in any session.
	 * @param value the value
	 * @return the literal
	 */
	public String literal(String value) {
		return "'" + value.replace("'", "''") + "'";
	}

	/**
	 * Return the type of {@code version} in the history table, which is dbmate's.
	 * @return a type
	 */
	public String versionType() {
		return "varchar(128)";
	}

	/**
	 * Return the constraint that a column is the primary key.
	 * @param quotedName its name, where a name is needed
	 * @return a constraint
	 */
	public String primaryKey(String quotedName) {
		return "PRIMARY KEY";
	}

	/**
	 * Return what stands behind the columns of the history table, so that it is one with
	 * transactions whatever the server's defaults are.
	 * @return table options, empty if there are none
	 */
	public String historyTableOptions() {
		return "";
	}

	/**
	 * Return what stands behind the columns of a table of ours, so that it has
	 * transactions and holds any text whatever the defaults of server and database are.
	 * @return table options, empty if there are none
	 */
	public String tableOptions() {
		return "";
	}

	/**
	 * Return an expression for a text with another one behind it.
	 * @param column the column of the text
	 * @param literal the other one
	 * @return an expression
	 */
	public String append(String column, String literal) {
		return column + " || " + literal;
	}

	/**
	 * Return the type of a moment.
	 * @return a type
	 */
	public String timestampType() {
		return this.timestampType;
	}

	/**
	 * Return the type of a text of at least 4 MB.
	 * @return a type
	 */
	public String longTextType() {
		return this.longTextType;
	}

	/**
	 * Return an expression for the present moment, in UTC where the type has no zone.
	 * @return an expression
	 */
	public String now() {
		return this.now;
	}

	/**
	 * Return an expression for the moment at which the transaction began that is about to
	 * begin.
	 * @return an expression
	 */
	public String startOfTransaction() {
		return now();
	}

	/**
	 * Return an expression for the milliseconds since a moment, where whole migrations
	 * run in one transaction.
	 * @param start an expression for the moment
	 * @return an expression
	 */
	public String millisSince(String start) {
		return "NULL";
	}

	/**
	 * Return whether a missing schema of the history table is created, as dbmate does.
	 * @return whether it is created
	 */
	public boolean createsSchemas() {
		return false;
	}

	/**
	 * Return an expression for a moment, of the type that {@link #timestampType()} names.
	 * @param time the moment
	 * @return an expression
	 */
	public String timestamp(Instant time) {
		String utc = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
			.format(time.atOffset(ZoneOffset.UTC));
		return switch (this) {
			case POSTGRESQL -> "timestamp with time zone '" + utc + "+00'";
			case MYSQL -> "timestamp '" + utc + "'";
			case SQLITE -> literal(time.toString());
			case H2 -> "timestamp with time zone '" + utc + "+00:00'";
		};
	}

	/**
	 * Read a moment that was written by {@link #now()}.
	 * @param row the row
	 * @param column the column
	 * @return the moment, or {@code null}
	 * @throws SQLException if it cannot be read
	 */
	public abstract @Nullable Instant readTimestamp(ResultSet row, String column) throws SQLException;

	private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
		return (time != null) ? time.toInstant() : null;
	}

}
