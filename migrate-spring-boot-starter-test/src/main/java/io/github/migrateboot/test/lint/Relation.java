package io.github.migrateboot.test.lint;

import org.jspecify.annotations.Nullable;

/**
 * A table, index, view or materialized view.
 *
 * @param oid its number, which it keeps when it is renamed
 * @param schema its schema
 * @param name its name
 * @param sqlName its name as it is written in a statement
 * @param kind PostgreSQL's {@code relkind}
 * @param fileNode the number of its file, which changes when it is written anew, or
 * {@code null} if it has none
 * @param table the table that it is an index of, or 0
 * @param root the partitioned table at the top, or 0 if it has no partitions and is none
 */
record Relation(long oid, String schema, String name, String sqlName, char kind, @Nullable Long fileNode, long table,
		long root) {

	boolean isTable() {
		return this.kind == 'r' || this.kind == 'p';
	}

	boolean isMaterializedView() {
		return this.kind == 'm';
	}

	boolean isView() {
		return this.kind == 'v';
	}

	boolean isIndex() {
		return this.kind == 'i' || this.kind == 'I';
	}

	/**
	 * Return its schema and name.
	 */
	String qualified() {
		return this.schema + "." + this.name;
	}

}
