package io.github.migrateboot.database;

import java.util.List;

/**
 * What a database's catalog says about the schemas in which a table may be whose name has
 * none. Implementations are immutable.
 */
public interface SchemaCatalog {

	/**
	 * Return the query for those schemas, with the columns that {@link TableCatalog}
	 * describes.
	 * @param table the table without a schema
	 * @param journal the journal without a schema
	 * @return a query
	 */
	String query(TableName table, TableName journal);

	/**
	 * Return the places of which the answer speaks.
	 * @param table the table without a schema
	 * @param answer the rows of {@link #query}, at least one
	 * @return the places
	 */
	TablePlaces places(TableName table, List<CatalogRow> answer);

}
