package io.github.migrateboot.test;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

/**
 * Reads the schema of SQLite by its pragmas. The text of a table's statement is of no use
 * for that as a whole, because {@code ALTER TABLE} rewrites it; only what no pragma tells
 * is taken from there.
 */
final class SqliteSchemas extends Schemas {

	SqliteSchemas(DataSource dataSource) {
		super(dataSource);
	}

	@Override
	void read(Connection connection, Set<String> lines) throws SQLException {
		Map<String, String> tables = new LinkedHashMap<>();
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("select type, name, tbl_name, sql from sqlite_master"
						+ " where name not like 'sqlite\\_%' escape '\\' and tbl_name not in " + OWN_TABLES)) {
			while (rows.next()) {
				String type = rows.getString("type");
				String sql = plain(String.valueOf(rows.getString("sql")));
				if (type.equals("table")) {
					tables.put(rows.getString("name"), sql);
				}
				else {
					lines.add(
							"%s %s on %s: %s".formatted(type, rows.getString("name"), rows.getString("tbl_name"), sql));
				}
			}
		}
		for (Map.Entry<String, String> table : tables.entrySet()) {
			readTable(connection, table.getKey(), table.getValue(), lines);
		}
	}

	private static void readTable(Connection connection, String table, String sql, Set<String> lines)
			throws SQLException {
		lines.add("table " + table + flag(sql, "autoincrement") + flag(sql, "without rowid") + flag(sql, "strict"));
		pragma(connection, "table_xinfo", table, "column", lines);
		pragma(connection, "foreign_key_list", table, "foreign key", lines);
		pragma(connection, "index_list", table, "index", lines);
		int check = sql.indexOf("check(");
		while (check >= 0) {
			int end = closing(sql, check + "check".length());
			lines.add("constraint on %s: %s".formatted(table, sql.substring(check, end)));
			check = sql.indexOf("check(", end);
		}
	}

	/**
	 * Read a pragma, without numbers that only count.
	 */
	private static void pragma(Connection connection, String pragma, String table, String what, Set<String> lines)
			throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement
					.executeQuery("pragma " + pragma + "(\"" + table.replace("\"", "\"\"") + "\")")) {
			ResultSetMetaData columns = rows.getMetaData();
			while (rows.next()) {
				StringBuilder line = new StringBuilder(what).append(" of ").append(table).append(':');
				for (int i = 1; i <= columns.getColumnCount(); i++) {
					String name = columns.getColumnLabel(i);
					if (!Set.of("cid", "id", "seq").contains(name)) {
						line.append(' ').append(name).append('=').append(rows.getString(i));
					}
				}
				lines.add(line.toString());
			}
		}
	}

	private static String flag(String sql, String word) {
		return sql.contains(word) ? " " + word : "";
	}

	/**
	 * Make texts comparable that SQLite has rewritten: without quotes of names, and with
	 * blanks only between words.
	 */
	private static String plain(String sql) {
		return sql.replaceAll("[\"`\\[\\]]", "")
			.replaceAll("\\s+", " ")
			.replaceAll(" ?([(),=<>]) ?", "$1")
			.toLowerCase(Locale.ROOT);
	}

	private static int closing(String sql, int open) {
		int depth = 0;
		for (int i = open; i < sql.length(); i++) {
			depth += (sql.charAt(i) == '(') ? 1 : (sql.charAt(i) == ')') ? -1 : 0;
			if (depth == 0) {
				return i + 1;
			}
		}
		return sql.length();
	}

}
