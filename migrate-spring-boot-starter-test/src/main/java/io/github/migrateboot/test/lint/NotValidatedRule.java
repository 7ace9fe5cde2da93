package io.github.migrateboot.test.lint;

import java.util.stream.Stream;

import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.test.lint.Catalog.Constraint;

/**
 * Finds constraints that are left NOT VALID.
 */
final class NotValidatedRule implements ChangeRule {

	@Override
	public Stream<Change> check(Catalog base, Catalog before, Catalog after) {
		return after.constraints()
			.entrySet()
			.stream()
			.filter((entry) -> isLeft(entry.getValue()) && !base.constraints().containsKey(entry.getKey()))
			.flatMap((entry) -> Stream.ofNullable(after.relation(entry.getValue().table()))
				.map((table) -> change(entry.getKey(), entry.getValue(), table)));
	}

	private static boolean isLeft(Constraint constraint) {
		return !constraint.validated() && !constraint.definition().endsWith("NOT ENFORCED");
	}

	private static Change change(long key, Constraint constraint, Relation table) {
		return new Change(Hazard.NOT_VALIDATED, key, table.qualified(),
				"Constraint %s of %s is never validated: rows that were there before may break it, and the planner doesn't rely on it."
					.formatted(constraint.sqlName(), table.sqlName()),
				"alter table %s validate constraint %s; -- in a file of its own".formatted(table.sqlName(),
						constraint.sqlName()));
	}

}
