package io.github.migrateboot.test.lint;

import java.util.stream.Stream;

import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.test.lint.Catalog.Column;
import io.github.migrateboot.test.lint.Catalog.ColumnKey;

/**
 * Finds columns of old tables and views that are dropped or renamed.
 */
final class ColumnGoneRule implements ChangeRule {

	@Override
	public Stream<Change> check(Catalog base, Catalog before, Catalog after) {
		return before.columns().entrySet().stream().flatMap((entry) -> {
			Column old = base.columns().get(entry.getKey());
			Column now = after.columns().get(entry.getKey());
			Relation table = before.relation(entry.getKey().table());
			if (old == null || old.dropped() || entry.getValue().dropped() || now == null || table == null) {
				return Stream.empty();
			}
			if (now.dropped()) {
				return Stream.of(dropped(table, entry.getKey(), entry.getValue().sqlName()));
			}
			return now.name().equals(entry.getValue().name()) ? Stream.empty()
					: Stream.of(renamed(table, entry.getKey(), entry.getValue().sqlName(), now));
		});
	}

	private static Change dropped(Relation table, ColumnKey key, String name) {
		return new Change(Hazard.COLUMN_DROPPED, key, table.qualified(),
				"Column %s of %s is dropped: instances of the release before, which run until the rollout is over, still read and write it and get errors."
					.formatted(name, table.sqlName()),
				"""
						-- release 1: the application no longer uses %2$s; no migration is needed
						-- release 2, with '-- migrate:allow column-dropped: not used since release 1':
						alter table %1$s drop column %2$s;""".formatted(table.sqlName(), name));
	}

	private static Change renamed(Relation table, ColumnKey key, String name, Column now) {
		return new Change(Hazard.COLUMN_RENAMED, key, table.qualified(),
				"Column %s of %s is called %s: instances of the release before, which run until the rollout is over, use the old name and get errors."
					.formatted(name, table.sqlName(), now.sqlName()),
				"""
						-- release 1: the application writes both columns
						alter table %1$s add column %3$s %4$s;
						-- in batches, in files of their own
						update %1$s set %3$s = %2$s where <key> between 1 and 10000;
						-- release 2: the application uses %3$s only; release 3:
						alter table %1$s drop column %2$s;""".formatted(table.sqlName(), name, now.sqlName(),
						now.type()));
	}

}
