package io.github.migrateboot.test.lint;

import java.util.Map;

import io.github.migrateboot.test.lint.Catalog.Column;
import io.github.migrateboot.test.lint.Catalog.ColumnKey;
import org.jspecify.annotations.Nullable;

/**
 * Says how to do without writing a table anew.
 */
final class RewriteRemedy {

	@Nullable String of(Seen seen, Relation table) {
		if (table.isMaterializedView()) {
			return seen.statement().startsWith("REFRESH") ? """
					create unique index concurrently on %1$s (<key>); -- once, in a file with transaction:false
					refresh materialized view concurrently %1$s;""".formatted(table.sqlName()) : null;
		}
		if (seen.statement().startsWith("VACUUM") || seen.statement().startsWith("CLUSTER")) {
			return "vacuum %s; -- in a file with transaction:false; pg_repack packs a table online"
				.formatted(table.sqlName());
		}
		for (Map.Entry<ColumnKey, Column> entry : seen.after().columns().entrySet()) {
			if (entry.getKey().table() == table.oid()) {
				Column before = seen.before().columns().get(entry.getKey());
				Column after = entry.getValue();
				if (before == null) {
					return added(table, after);
				}
				if (!before.type().equals(after.type())) {
					return retyped(table, before, after);
				}
			}
		}
		return null;
	}

	private static String added(Relation table, Column column) {
		String name = column.sqlName();
		if (column.expression() == null) {
			return """
					alter table %1$s add column %2$s <type without constraint>;
					-- the next file
					alter table %1$s add constraint %3$s check (<condition on %2$s>) not valid;
					-- the file after that
					alter table %1$s validate constraint %3$s;""".formatted(table.sqlName(), name,
					SqlNames.with(name, "_check"));
		}
		return """
				alter table %1$s add column %2$s %3$s;
				alter table %1$s alter column %2$s set default %4$s; -- for new rows
				-- for the rows that are there, in batches, in files of their own
				update %1$s set %2$s = %4$s where <key> between 1 and 10000;""".formatted(table.sqlName(), name,
				column.type(), column.expression());
	}

	private static String retyped(Relation table, Column before, Column after) {
		return """
				alter table %1$s add column %4$s %3$s; -- the application writes both columns from now on
				-- in batches, in files of their own
				update %1$s set %4$s = %2$s where <key> between 1 and 10000;
				-- two releases later, when nobody reads %2$s any more
				alter table %1$s drop column %2$s;""".formatted(table.sqlName(), before.sqlName(), after.type(),
				SqlNames.with(before.sqlName(), "_new"));
	}

}
