package io.github.migrateboot.test.lint;

import java.util.stream.Stream;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;

/**
 * Finds tables whose rows are all checked under a lock that others wait for.
 */
final class ScanRule implements StatementRule {

	private static final ScanRemedy REMEDY = new ScanRemedy();

	@Override
	public Stream<Finding> check(Seen seen) {
		return seen.tables()
			.filter((table) -> seen.lock(table).isPresent() && seen.isChecked(table))
			.map((table) -> finding(seen, table, seen.lock(table).orElseThrow()));
	}

	private static Finding finding(Seen seen, Relation table, LockMode lock) {
		return seen.finding(Hazard.SCAN_UNDER_LOCK, table, lock,
				"All rows of %1$s are checked under %2$s, and until that is committed %3$s %1$s."
					.formatted(table.sqlName(), lock, lock.keepsOut()),
				REMEDY.of(seen, table));
	}

}
