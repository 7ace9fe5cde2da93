package io.github.migrateboot.test.lint;

import java.util.Map;
import java.util.stream.Stream;

import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.test.lint.Catalog.Column;
import io.github.migrateboot.test.lint.Catalog.ColumnKey;

/**
 * Finds columns of old tables that must be named by each insert from now on.
 */
final class NotNullRule implements ChangeRule {

	@Override
	public Stream<Change> check(Catalog base, Catalog before, Catalog after) {
		return after.columns()
			.entrySet()
			.stream()
			.filter((entry) -> base.has(entry.getKey().table()) && before.has(entry.getKey().table())
					&& mustBeNamed(entry.getValue()))
			.flatMap((entry) -> check(before, after, entry));
	}

	private static boolean mustBeNamed(Column column) {
		return column.notNull() && !column.filled() && !column.dropped();
	}

	private static Stream<Change> check(Catalog before, Catalog after, Map.Entry<ColumnKey, Column> entry) {
		Column old = before.columns().get(entry.getKey());
		Relation table = after.relation(entry.getKey().table());
		if (table == null || (old != null && mustBeNamed(old))) {
			return Stream.empty();
		}
		String name = entry.getValue().sqlName();
		return Stream.of((old != null && old.notNull()) ? defaultDropped(table, entry.getKey(), name)
				: withoutDefault(table, entry.getKey(), name));
	}

	private static Change withoutDefault(Relation table, ColumnKey key, String name) {
		return new Change(Hazard.NOT_NULL_WITHOUT_DEFAULT, key, table.qualified(),
				"Column %s of %s must not be null and has no default: inserts of the release before that don't name it, or leave it null, fail."
					.formatted(name, table.sqlName()),
				"""
						alter table %1$s alter column %2$s set default <value>; -- before it must not be null
						-- in the release after this one, when each insert names it
						alter table %1$s alter column %2$s drop default;""".formatted(table.sqlName(), name));
	}

	private static Change defaultDropped(Relation table, ColumnKey key, String name) {
		return new Change(Hazard.DEFAULT_DROPPED, key, table.qualified(),
				"Column %s of %s must not be null and loses its default: inserts of the release before that don't name it fail."
					.formatted(name, table.sqlName()),
				"""
						-- release 1: each insert of the application names %2$s; no migration is needed
						-- release 2, with '-- migrate:allow default-dropped: named by each insert since release 1':
						alter table %1$s alter column %2$s drop default;""".formatted(table.sqlName(), name));
	}

}
