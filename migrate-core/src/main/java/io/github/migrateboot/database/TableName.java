package io.github.migrateboot.database;

import java.util.Objects;

import io.github.migrateboot.failure.InvalidSettingException;
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
	 * Check a name from the configuration.
	 * @param schema the schema, or {@code null}
	 * @param name the table
	 * @param configured the whole, for messages
	 */
	static TableName configured(@Nullable String schema, String name, String configured) {
		if (name.isBlank() || (schema != null && schema.isBlank())) {
			throw new InvalidSettingException(
					"The name of the history table is '" + configured + "', in which the schema or the table is empty.",
					"Set migrate.table to a table name such as "
							+ "schema_migrations, or on PostgreSQL to a schema and a table such as app.schema_migrations.");
		}
		if (configured.indexOf('\0') >= 0) {
			throw new InvalidSettingException("The name of the history table contains a NUL character.",
					"Set migrate.table to a table name such as schema_migrations.");
		}
		return new TableName(schema, name);
	}

	/**
	 * Check that the server does not cut a name from the configuration off, nor that of a
	 * table that belongs to it.
	 */
	static void requireLength(int length, int longest, String unit, String configured) {
		if (length > longest) {
			throw new InvalidSettingException(
					"The name of the history table is '" + configured + "', which has " + length + " " + unit + ".",
					"Set migrate.table to a name of at most " + longest + " " + unit
							+ ", so that the journal's name fits in too.");
		}
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
