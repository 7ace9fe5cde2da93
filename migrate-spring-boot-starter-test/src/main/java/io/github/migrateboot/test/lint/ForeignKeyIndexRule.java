package io.github.migrateboot.test.lint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.test.lint.Catalog.Constraint;

/**
 * Finds foreign keys whose columns no index begins with.
 */
final class ForeignKeyIndexRule implements ChangeRule {

	private static final Pattern COLUMNS = Pattern.compile("FOREIGN KEY \\((.+?)\\) REFERENCES.*", Pattern.DOTALL);

	@Override
	public Stream<Change> check(Catalog base, Catalog before, Catalog after) {
		return after.constraints()
			.entrySet()
			.stream()
			.filter((entry) -> !entry.getValue().indexed() && !base.constraints().containsKey(entry.getKey()))
			.flatMap((entry) -> Stream.ofNullable(after.relation(entry.getValue().table()))
				.map((table) -> change(after, entry.getKey(), entry.getValue(), table)));
	}

	private static Change change(Catalog after, long key, Constraint constraint, Relation table) {
		Relation referenced = after.relation(constraint.referenced());
		Matcher columns = COLUMNS.matcher(constraint.definition());
		String names = columns.matches() ? columns.group(1) : "<columns>";
		return new Change(Hazard.FK_WITHOUT_INDEX, key, table.qualified(),
				"No index of %1$s begins with (%2$s), the columns of foreign key %3$s: each delete and change of a key in %4$s reads all rows of %1$s."
					.formatted(table.sqlName(), names, constraint.sqlName(),
							(referenced != null) ? referenced.sqlName() : "the referenced table"),
				"""
						create index on %1$s (%2$s); -- in this file, if it has created the table; else:
						create index concurrently on %1$s (%2$s); -- in a file with transaction:false"""
					.formatted(table.sqlName(), names));
	}

}
