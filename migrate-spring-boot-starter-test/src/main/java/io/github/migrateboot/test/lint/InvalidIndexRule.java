package io.github.migrateboot.test.lint;

import java.util.stream.Stream;

import io.github.migrateboot.safety.Hazard;

/**
 * Finds indexes that are maintained and not used, as a {@code CREATE INDEX CONCURRENTLY}
 * leaves them that has failed.
 */
final class InvalidIndexRule implements ChangeRule {

	@Override
	public Stream<Change> check(Catalog base, Catalog before, Catalog after) {
		return after.indexes()
			.entrySet()
			.stream()
			.filter((entry) -> !entry.getValue().valid() && !base.indexes().containsKey(entry.getKey()))
			.flatMap((entry) -> Stream.ofNullable(after.relation(entry.getKey()))
				.flatMap((index) -> Stream.ofNullable(after.relation(entry.getValue().table()))
					.map((table) -> change(index, table))));
	}

	private static Change change(Relation index, Relation table) {
		String remedy = (index.kind() == 'I')
				? "alter index %s attach partition <index of the partition>; -- for each partition that has none yet"
					.formatted(index.sqlName())
				: "reindex index concurrently %s; -- in a file with transaction:false".formatted(index.sqlName());
		return new Change(Hazard.INVALID_INDEX, index.oid(), table.qualified(),
				"Index %s of %s is invalid: each write maintains it and no query uses it.".formatted(index.sqlName(),
						table.sqlName()),
				remedy);
	}

}
