package io.github.migrateboot.test.lint;

import java.util.stream.Stream;

import io.github.migrateboot.safety.Hazard;

/**
 * Finds old tables and views that are dropped, renamed or moved, and of whose name there
 * is no other one.
 */
final class TableGoneRule implements ChangeRule {

	@Override
	public Stream<Change> check(Catalog base, Catalog before, Catalog after) {
		return before.relations()
			.values()
			.stream()
			.filter((table) -> !table.isIndex() && base.has(table.oid()) && !after.hasNamed(table))
			.map((table) -> {
				Relation now = after.relation(table.oid());
				return (now != null) ? renamed(table, now) : dropped(table);
			});
	}

	private static Change dropped(Relation table) {
		return new Change(Hazard.TABLE_DROPPED, table.oid(), table.qualified(),
				"%s is dropped: instances of the release before, which run until the rollout is over, still use it and get errors."
					.formatted(table.sqlName()),
				"""
						-- release 1: the application no longer uses %2$s; no migration is needed
						-- release 2, with '-- migrate:allow table-dropped: not used since release 1':
						drop %1$s %2$s;""".formatted(what(table), table.sqlName()));
	}

	private static Change renamed(Relation table, Relation now) {
		return new Change(Hazard.TABLE_RENAMED, table.oid(), table.qualified(),
				"%s is called %s: instances of the release before, which run until the rollout is over, use the old name and get errors."
					.formatted(table.sqlName(), now.sqlName()),
				"""
						alter table %1$s rename to %3$s;
						-- in the same file: the old name for the release before, which can write through it
						create view %1$s as select * from %2$s;
						-- in the release after the next
						drop view %1$s;""".formatted(table.sqlName(), now.sqlName(),
						SqlNames.unqualified(now.sqlName())));
	}

	private static String what(Relation table) {
		return table.isView() ? "view" : table.isMaterializedView() ? "materialized view" : "table";
	}

}
