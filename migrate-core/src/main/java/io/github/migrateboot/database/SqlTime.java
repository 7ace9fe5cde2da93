package io.github.migrateboot.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * How moments are worded in our own statements.
 */
public enum SqlTime {

	/**
	 * PostgreSQL.
	 */
	POSTGRESQL("timestamp with time zone", "clock_timestamp()") {

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
	MYSQL("datetime(3)", "UTC_TIMESTAMP(3)") {

		@Override
		public @Nullable Instant readTimestamp(ResultSet row, String column) throws SQLException {
			LocalDateTime time = row.getObject(column, LocalDateTime.class);
			return (time != null) ? time.toInstant(ZoneOffset.UTC) : null;
		}

	},

	/**
	 * SQLite.
	 */
	SQLITE("text", "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')") {

		@Override
		public String startOfTransaction() {
			return "'" + Instant.now() + "'";
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
	H2("timestamp(3) with time zone", "CURRENT_TIMESTAMP(3)") {

		@Override
		public @Nullable Instant readTimestamp(ResultSet row, String column) throws SQLException {
			return instant(row.getObject(column, OffsetDateTime.class));
		}

	};

	private final String type;

	private final String now;

	SqlTime(String type, String now) {
		this.type = type;
		this.now = now;
	}

	/**
	 * Return the type of a moment.
	 * @return a type
	 */
	public String type() {
		return this.type;
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
	 * Return an expression for a moment, of the type that {@link #type()} names.
	 * @param time the moment
	 * @return an expression
	 */
	public String timestamp(Instant time) {
		String utc = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT)
			.format(time.atOffset(ZoneOffset.UTC));
		return switch (this) {
			case POSTGRESQL -> "timestamp with time zone '" + utc + "+00'";
			case MYSQL -> "timestamp '" + utc + "'";
			case SQLITE -> "'" + time + "'";
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
