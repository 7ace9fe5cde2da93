package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * What SQLite's schema tells of tables. How many rows they have is known only after an
 * ANALYZE.
 */
final class SqliteInspection implements Inspection {

	private static final String TABLE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE";

	private static final String ROWS = "SELECT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE tbl = ? COLLATE NOCASE";

	@Override
	public List<TableSize> sizes(Connection connection, Collection<String> names) throws SQLException {
		boolean analyzed = Jdbc.row(connection, TABLE, "sqlite_stat1").isPresent();
		List<TableSize> sizes = new ArrayList<>();
		for (String written : names) {
			WrittenName name = WrittenName.of(written, UnaryOperator.identity());
			Optional<List<@Nullable String>> table = (name.schema().isEmpty() || "main".equalsIgnoreCase(name.schema()))
					? Jdbc.row(connection, TABLE, name.name()) : Optional.empty();
			if (table.isPresent()) {
				String rows = analyzed ? Jdbc.row(connection, ROWS, name.name()).map((row) -> row.get(0)).orElse(null)
						: null;
				sizes.add(new TableSize(written, Jdbc.text(table.get(), 0), TableSize.number(rows), null, null, null));
			}
		}
		return sizes;
	}

}
