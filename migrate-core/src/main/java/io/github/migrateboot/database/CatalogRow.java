package io.github.migrateboot.database;

import org.jspecify.annotations.Nullable;

/**
 * What a catalog says about a table: one of its columns, or a schema that may have it.
 *
 * @param kind {@link #COLUMN} or {@link #SCHEMA}
 * @param name the column or the schema, or {@code null} if no schema of a path exists
 * @param first the column's type, or the search path
 * @param second a class of the type, or where the search path is set
 * @param third the user for whom the search path is
 * @param flags whether the column needs a value, or what is in the schema
 */
public record CatalogRow(String kind, @Nullable String name, @Nullable String first, @Nullable String second,
		@Nullable String third, int flags) {

	/**
	 * Says that a row is about a column.
	 */
	public static final String COLUMN = "column";

	/**
	 * Says that a row is about a schema.
	 */
	public static final String SCHEMA = "schema";

	static final int THERE = 1;

	static final int MEANT = 2;

	static final int JOURNAL_MEANT = 4;

	boolean is(int flag) {
		return (this.flags & flag) != 0;
	}

	/**
	 * Return whether a row that is inserted has to have a value for the column.
	 * @return whether it has
	 */
	public boolean needsValue() {
		return this.flags != 0;
	}

}
