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
		public String isInCurrentSchema(String quotedTable) {
			return "(SELECT to_regclass(" + literal(quotedTable) + ") = to_regclass(quote_ident(current_schema()) || "
					+ literal("." + quotedTable) + "))";
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
			// Whether a backslash escapes depends on the session's sql_mode.
			return value.contains("\\") ? "CONVERT(X'"
					+ HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8)) + "' USING utf8mb4)"
					: super.literal(value);
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
	H2("timestamp(3) with time zone", "varchar", "CURRENT_TIMESTAMP(3)") {

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
	 * Return a condition that is true unless the unqualified name of a table means one in
	 * another schema than the current one.
	 * @param quotedTable the quoted, unqualified name of a table that exists
	 * @return a condition
	 */
	public String isInCurrentSchema(String quotedTable) {
		return "1 = 1";
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
