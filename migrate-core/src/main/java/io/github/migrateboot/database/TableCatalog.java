package io.github.migrateboot.database;

import org.jspecify.annotations.Nullable;

/**
 * What a database's catalog says about the history table, worded as parts of the query
 * that reads the table. Each part has the columns {@code kind}, {@code label},
 * {@code a1}, {@code a2}, {@code a3} and {@code flags}, which are those of
 * {@link CatalogRow}. Implementations are immutable.
 */
public interface TableCatalog {

	/**
	 * Return the query for the columns of a table.
	 * @param table the table; without a schema, the one that the name means
	 * @return a query
	 */
	String columns(TableName table);

	/**
	 * Return whether a column takes a version as the text that it is.
	 * @param column the column
	 * @return whether its type is one for texts
	 */
	boolean isText(CatalogRow column);

	/**
	 * Return what tells in which schema a table is whose name has none.
	 * @return it, or {@code null} if there is no question
	 */
	default @Nullable SchemaCatalog schemas() {
		return null;
	}

	/**
	 * Return the query that finds a table of ours if it was created without
	 * {@link SqlDialect#tableOptions()}, by an older release.
	 * @param table the table, with its schema
	 * @return a query, or {@code null} where the options make no difference
	 */
	default @Nullable String withOtherOptions(TableName table) {
		return null;
	}

}
