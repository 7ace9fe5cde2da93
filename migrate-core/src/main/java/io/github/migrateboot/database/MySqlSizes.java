package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks MySQL and MariaDB how large tables are.
 *
 * @param flavor which of the two
 * @param connection the connection to ask on
 */
record MySqlSizes(MySqlFlavor flavor, Connection connection) {

	private static final Logger logger = LoggerFactory.getLogger(MySqlSizes.class);

	private static final String SIZE = "SELECT CONCAT(table_schema, '.', table_name), table_rows, data_length,"
			+ " index_length, data_length + index_length FROM information_schema.tables"
			+ " WHERE table_schema = COALESCE(NULLIF(?, ''), DATABASE()) AND table_name = ? AND table_type = 'BASE TABLE'";

	List<TableSize> ask(Collection<String> names) throws SQLException {
		// The numbers of MySQL may be a day old otherwise, and be kept for others.
		String expiry = (this.flavor == MySqlFlavor.MYSQL)
				? Jdbc.value(this.connection, "SELECT @@session.information_schema_stats_expiry") : null;
		if (expiry == null) {
			return sizes(names);
		}
		setExpiry("0");
		try {
			return sizes(names);
		}
		finally {
			setExpiry(expiry);
		}
	}

	private void setExpiry(String seconds) {
		try {
			Jdbc.execute(this.connection, "SET SESSION information_schema_stats_expiry = " + Long.parseLong(seconds));
		}
		catch (SQLException ex) {
			logger.debug("Sizes of tables may be old ones", ex);
		}
	}

	private List<TableSize> sizes(Collection<String> names) throws SQLException {
		List<TableSize> sizes = new ArrayList<>();
		for (String written : names) {
			WrittenName name = WrittenName.of(written, UnaryOperator.identity());
			for (List<@Nullable String> row : Jdbc.rows(this.connection, 1, SIZE, name.schema(), name.name())) {
				sizes.add(new TableSize(written, Jdbc.text(row, 0), TableSize.number(row.get(1)),
						TableSize.number(row.get(2)), TableSize.number(row.get(3)), TableSize.number(row.get(4))));
			}
		}
		return sizes;
	}

}
