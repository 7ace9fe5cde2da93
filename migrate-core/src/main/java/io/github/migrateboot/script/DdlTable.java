package io.github.migrateboot.script;

import java.util.Locale;

/**
 * A table as DDL of MySQL or MariaDB names it.
 *
 * @param schema the database that is named with it; empty if none is
 * @param name its name
 */
public record DdlTable(String schema, String name) {

	/**
	 * Return by what two tables are told apart.
	 * @return the name with its schema, in lower case
	 */
	public String key() {
		return toString().toLowerCase(Locale.ROOT);
	}

	@Override
	public String toString() {
		return this.schema.isEmpty() ? this.name : this.schema + "." + this.name;
	}

}
