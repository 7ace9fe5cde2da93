package io.github.migrateboot.test.lint;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import io.github.migrateboot.test.lint.Catalog.Column;
import io.github.migrateboot.test.lint.Catalog.ColumnKey;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tables and columns of a database of MySQL or MariaDB. These servers number
 * neither, so it remembers what it has read: the only table or column that is gone and
 * the only one that is there instead, and is made alike, are taken for the same one with
 * another name. Not thread-safe.
 */
final class MySqlCatalogReader {

	private static final String QUERY = """
			SELECT c.table_name, t.table_type, c.column_name, c.ordinal_position, c.column_type, c.is_nullable,
			c.column_default IS NOT NULL OR c.extra LIKE '%%auto_increment%%' OR c.generation_expression <> ''
			FROM information_schema.columns c JOIN information_schema.tables t
			ON t.table_schema = c.table_schema AND t.table_name = c.table_name
			WHERE c.table_schema = ? ORDER BY c.table_name, c.ordinal_position""".replace("%%", "%");

	private final String schema;

	private final Map<String, Long> tables = new TreeMap<>();

	private final Map<String, Map<String, Integer>> numbers = new TreeMap<>();

	private Map<String, Table> last = Map.of();

	private final Map<ColumnKey, Column> dropped = new LinkedHashMap<>();

	private long count;

	/**
	 * Create it.
	 * @param schema the database
	 */
	MySqlCatalogReader(String schema) {
		this.schema = schema;
	}

	Catalog read(Connection connection) throws SQLException {
		Map<String, Table> now = tables(connection);
		number(now);
		Map<Long, Relation> relations = new LinkedHashMap<>();
		Map<ColumnKey, Column> columns = new LinkedHashMap<>();
		now.forEach((name, table) -> {
			long id = Objects.requireNonNull(this.tables.get(name));
			relations.put(id, new Relation(id, this.schema, name, sqlName(name), table.kind(), null, 0, 0));
			table.columns.forEach((column) -> columns.put(key(name, column.name), column.column()));
		});
		this.dropped.forEach((key, column) -> {
			if (relations.containsKey(key.table())) {
				columns.putIfAbsent(key, column);
			}
		});
		this.last = now;
		return new Catalog(relations, columns, Map.of(), Map.of(), Map.of());
	}

	private static String sqlName(String name) {
		return name.matches("[a-zA-Z_][a-zA-Z0-9_]*") ? name : "`" + name.replace("`", "``") + "`";
	}

	private ColumnKey key(String table, String column) {
		return new ColumnKey(Objects.requireNonNull(this.tables.get(table)),
				Objects.requireNonNull(this.numbers.get(table)).getOrDefault(column, 0));
	}

	private Map<String, Table> tables(Connection connection) throws SQLException {
		Map<String, Table> read = new TreeMap<>();
		try (PreparedStatement query = connection.prepareStatement(QUERY)) {
			query.setString(1, this.schema);
			try (ResultSet row = query.executeQuery()) {
				while (row.next()) {
					read.computeIfAbsent(row.getString(1), (name) -> new Table(new ArrayList<>()))
						.add(row.getString(2), new ReadColumn(row.getString(3), row.getInt(4), row.getString(5),
								"NO".equals(row.getString(6)), row.getBoolean(7)));
				}
			}
		}
		return read;
	}

	/**
	 * Give each table and each column its number.
	 */
	private void number(Map<String, Table> now) {
		Renaming renamed = Renaming.of(new ArrayList<>(this.last.keySet()), new ArrayList<>(now.keySet()));
		if (renamed != null && Objects.equals(this.last.get(renamed.from()), now.get(renamed.to()))) {
			this.tables.put(renamed.to(), Objects.requireNonNull(this.tables.remove(renamed.from())));
			this.numbers.put(renamed.to(), Objects.requireNonNull(this.numbers.remove(renamed.from())));
		}
		this.tables.keySet().removeIf((name) -> !now.containsKey(name));
		this.numbers.keySet().removeIf((name) -> !now.containsKey(name));
		now.forEach((name, table) -> {
			this.tables.computeIfAbsent(name, (key) -> ++this.count);
			number(name, table);
		});
	}

	private void number(String name, Table table) {
		Map<String, Integer> numbers = this.numbers.computeIfAbsent(name, (key) -> new TreeMap<>());
		Table before = this.last.get(name);
		if (before != null) {
			Renaming renamed = Renaming.of(before.names(), table.names());
			if (renamed != null && before.column(renamed.from()).isLike(table.column(renamed.to()))) {
				numbers.put(renamed.to(), Objects.requireNonNull(numbers.remove(renamed.from())));
			}
			for (ReadColumn column : before.columns) {
				Integer number = table.names().contains(column.name) ? null : numbers.remove(column.name);
				if (number != null) {
					this.dropped.put(new ColumnKey(Objects.requireNonNull(this.tables.get(name)), number),
							column.asDropped());
				}
			}
		}
		for (ReadColumn column : table.columns) {
			numbers.computeIfAbsent(column.name, (key) -> (int) ++this.count);
		}
	}

	/**
	 * A table or view.
	 *
	 * @param columns its columns, in order
	 */
	private record Table(List<ReadColumn> columns) {

		private static final String VIEW = "VIEW";

		void add(String type, ReadColumn column) {
			this.columns.add(VIEW.equals(type) ? column.ofView() : column);
		}

		char kind() {
			return this.columns.get(0).view ? 'v' : 'r';
		}

		List<String> names() {
			return this.columns.stream().map(ReadColumn::name).toList();
		}

		ReadColumn column(String name) {
			return this.columns.stream().filter((each) -> each.name.equals(name)).findFirst().orElseThrow();
		}

	}

	/**
	 * A column as it was read.
	 */
	private record ReadColumn(String name, int position, String type, boolean notNull, boolean filled, boolean view) {

		ReadColumn(String name, int position, String type, boolean notNull, boolean filled) {
			this(name, position, type, notNull, filled, false);
		}

		ReadColumn ofView() {
			return new ReadColumn(this.name, this.position, this.type, false, this.filled, true);
		}

		boolean isLike(ReadColumn other) {
			return this.position == other.position && this.type.equals(other.type);
		}

		Column column() {
			return new Column(this.name, sqlName(this.name), this.type, this.notNull, this.filled, false, null);
		}

		Column asDropped() {
			return new Column(this.name, sqlName(this.name), this.type, this.notNull, this.filled, true, null);
		}

	}

	/**
	 * The only name that is gone, and the only one that is new.
	 */
	private record Renaming(String from, String to) {

		static @Nullable Renaming of(List<String> before, List<String> after) {
			List<String> gone = before.stream().filter((name) -> !after.contains(name)).toList();
			List<String> added = after.stream().filter((name) -> !before.contains(name)).toList();
			return (gone.size() == 1 && added.size() == 1) ? new Renaming(gone.get(0), added.get(0)) : null;
		}

	}

}
