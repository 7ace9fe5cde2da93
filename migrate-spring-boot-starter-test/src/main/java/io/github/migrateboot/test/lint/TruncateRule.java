package io.github.migrateboot.test.lint;

import java.util.stream.Stream;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;

/**
 * Finds tables that are truncated, also by a cascade.
 */
final class TruncateRule implements StatementRule {

	@Override
	public Stream<Finding> check(Seen seen) {
		return seen.tables()
			.filter(seen::isTruncated)
			.map((table) -> seen.finding(Hazard.TRUNCATE, table, LockMode.ACCESS_EXCLUSIVE,
					"%s is emptied: until that is committed nobody can read or write it, and afterwards its rows are gone for the release before, too."
						.formatted(table.sqlName()),
					"delete from %s where <key> between 1 and 10000; -- in batches, in files of their own"
						.formatted(table.sqlName())));
	}

}
