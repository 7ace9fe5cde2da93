package io.github.migrateboot.database;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * How our own statements are worded.
 */
public enum SqlDialect {

	/**
	 * PostgreSQL.
	 */
	POSTGRESQL("text", SqlTime.POSTGRESQL) {

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

	},

	/**
	 * MySQL and MariaDB.
	 */
	MYSQL("mediumtext", SqlTime.MYSQL) {

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

	},

	/**
	 * SQLite.
	 */
	SQLITE("text", SqlTime.SQLITE) {

	},

	/**
	 * H2.
	 */
	H2("clob", SqlTime.H2) {

		@Override
		public String primaryKey(String quotedName) {
			// What has no name is called CONSTRAINT_A or the like, as something of a
			// migration may be.
			return "CONSTRAINT " + quotedName + " PRIMARY KEY";
		}

	};

	private final String longTextType;

	private final SqlTime time;

	SqlDialect(String longTextType, SqlTime time) {
		this.longTextType = longTextType;
		this.time = time;
	}

	/**
	 * Return how moments are worded.
	 * @return the wording
	 */
	public SqlTime time() {
		return this.time;
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
	 * Return the type of a text of at least 4 MB.
	 * @return a type
	 */
	public String longTextType() {
		return this.longTextType;
	}

	/**
	 * Return whether a missing schema of the history table is created, as dbmate does.
	 * @return whether it is created
	 */
	public boolean createsSchemas() {
		return false;
	}

}
