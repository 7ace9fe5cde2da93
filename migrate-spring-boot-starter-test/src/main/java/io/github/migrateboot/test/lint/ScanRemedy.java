package io.github.migrateboot.test.lint;

import java.util.Locale;
import java.util.Map;

import io.github.migrateboot.test.lint.Catalog.Column;
import io.github.migrateboot.test.lint.Catalog.ColumnKey;
import io.github.migrateboot.test.lint.Catalog.Constraint;
import org.jspecify.annotations.Nullable;

/**
 * Says how to check all rows without a lock that others wait for.
 */
final class ScanRemedy {

	@Nullable String of(Seen seen, Relation table) {
		String constraint = constraint(seen, table);
		if (constraint != null) {
			return constraint;
		}
		for (Map.Entry<ColumnKey, Column> entry : seen.after().columns().entrySet()) {
			Column before = seen.before().columns().get(entry.getKey());
			Column after = entry.getValue();
			if (entry.getKey().table() == table.oid() && after.notNull() && (before == null || !before.notNull())) {
				return (before == null) ? added(table, after) : notNull(table, after);
			}
		}
		if (seen.statement().startsWith("ALTER", "DOMAIN")) {
			return "alter domain <domain> add constraint <name> check (<condition>) not valid; -- and leave it so: VALIDATE takes SHARE on each table";
		}
		return partition(seen, table);
	}

	private static @Nullable String constraint(Seen seen, Relation table) {
		for (Map.Entry<Long, Constraint> entry : seen.after().constraints().entrySet()) {
			Constraint after = entry.getValue();
			Constraint before = seen.before().constraints().get(entry.getKey());
			if (after.table() != table.oid() || !after.validated() || !(after.type() == 'c' || after.isForeignKey())) {
				continue;
			}
			if (before == null) {
				return """
						alter table %1$s add constraint %2$s %3$s not valid;
						-- the next file
						alter table %1$s validate constraint %2$s;""".formatted(table.sqlName(), after.sqlName(),
						after.definition());
			}
			if (!before.validated()) {
				return "alter table %s validate constraint %s; -- in a file of its own".formatted(table.sqlName(),
						after.sqlName());
			}
		}
		return null;
	}

	private static String notNull(Relation table, Column column) {
		return """
				alter table %1$s add constraint %3$s check (%2$s is not null) not valid;
				-- the next file
				alter table %1$s validate constraint %3$s;
				-- the file after that, which then needs no look at the rows
				alter table %1$s alter column %2$s set not null;
				alter table %1$s drop constraint %3$s;""".formatted(table.sqlName(), column.sqlName(),
				SqlNames.with(column.sqlName(), "_not_null"));
	}

	private static String added(Relation table, Column column) {
		return """
				alter table %1$s add column %2$s %3$s not null default <value>;""".formatted(table.sqlName(),
				column.sqlName(), column.type());
	}

	private static @Nullable String partition(Seen seen, Relation table) {
		boolean partition = seen.statement().text().toLowerCase(Locale.ROOT).contains("partition");
		return partition ? """
				alter table %1$s add constraint %2$s check (<what the bounds of the partition say>) not valid;
				-- the next file
				alter table %1$s validate constraint %2$s;
				-- then this statement, which needs no look at the rows""".formatted(table.sqlName(),
				SqlNames.with(SqlNames.unqualified(table.sqlName()), "_bounds")) : null;
	}

}
