package io.github.migrateboot.database;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The name of a table, unquoted. Two names are equal if they mean the same table, however
 * they were found.
 *
 * @param schema the schema, or {@code null} for the session's current one
 * @param name the table
 * @param searched whether the schema was found on a search path that may be another one
 * for the next connection: nobody has named it
 */
public record TableName(@Nullable String schema, String name, boolean searched) {

	/**
	 * Create a name whose schema, if there is one, is certain.
	 * @param schema the schema, or {@code null} for the session's current one
	 * @param name the table
	 */
	public TableName(@Nullable String schema, String name) {
		this(schema, name, false);
	}

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
		return new TableName(this.schema, this.name + suffix, this.searched);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof TableName that && Objects.equals(this.schema, that.schema)
				&& this.name.equals(that.name);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.schema, this.name);
	}

	@Override
	public String toString() {
		return (this.schema != null) ? this.schema + "." + this.name : this.name;
	}

}
