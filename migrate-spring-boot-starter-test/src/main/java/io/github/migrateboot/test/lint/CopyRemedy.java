package io.github.migrateboot.test.lint;

import java.util.Set;

import io.github.migrateboot.script.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * The safe way in place of what MySQL and MariaDB can't do online.
 *
 * @param statement the statement
 * @param table its table, as it is written in a statement
 */
record CopyRemedy(String statement, String table) {

	/**
	 * Return the safe way.
	 * @return SQL, or {@code null} if none is known
	 */
	@Nullable String sql() {
		if (has("FOREIGN", "REFERENCES")) {
			return """
					select count(*) from %s where <the columns refer to no row>; -- must be 0
					set foreign_key_checks = 0; -- in the same file, before this statement: rows that are there aren't checked"""
				.formatted(this.table);
		}
		if (has("STORED", "PERSISTENT")) {
			return "alter table %s add column <name> <type> as (<expression>) virtual;".formatted(this.table);
		}
		if (has("PRIMARY") && has("DROP")) {
			return "alter table %s drop primary key, add primary key (<columns>);".formatted(this.table);
		}
		if (has("MODIFY", "CHANGE")) {
			return """
					alter table %1$s add column <name>_new <type>;
					-- in batches, in files of their own
					update %1$s set <name>_new = <name> where <key> between 1 and 10000;
					-- when the application uses the new column only
					alter table %1$s drop column <name>;""".formatted(this.table);
		}
		if (has("FULLTEXT", "SPATIAL", "PARTITION", "PARTITIONING", "CONVERT", "ORDER", "ENGINE")) {
			return """
					create table %2$s like %1$s; -- with the change
					-- in batches, in files of their own
					insert into %2$s select * from %1$s where <key> between 1 and 10000;
					rename table %1$s to %3$s, %2$s to %1$s;""".formatted(this.table, SqlNames.with(this.table, "_new"),
					SqlNames.with(this.table, "_old"));
		}
		return null;
	}

	private boolean has(String... words) {
		return SqlSyntax.MYSQL.hasAnyWord(this.statement, Set.of(words));
	}

}
