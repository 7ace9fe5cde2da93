package io.github.migrateboot.database;

import org.jspecify.annotations.Nullable;

/**
 * The name of a table, unquoted.
 *
 * @param schema the schema, or {@code null} for the session's current one
 * @param name the table
 */
public record TableName(@Nullable String schema, String name) {

	/**
	 * Return this name in a schema.
	 * @param schema the schema
	 * @return the qualified name
	 */
	public TableName in(@Nullable String schema) {
		return new TableName(schema, this.name);
	}

	/**
	 * Return the name of a table that belongs to this one.
	 * @param suffix for example {@code _journal}
	 * @return the name in the same schema
	 */
	public TableName with(String suffix) {
		return new TableName(this.schema, this.name + suffix);
	}

	@Override
	public String toString() {
		return (this.schema != null) ? this.schema + "." + this.name : this.name;
	}

}
