package io.github.migrateboot.test.lint;

import java.util.stream.Stream;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;

/**
 * Finds tables, and indexes, that are written anew: their file is another one afterwards.
 */
final class RewriteRule implements StatementRule {

	private static final RewriteRemedy REMEDY = new RewriteRemedy();

	@Override
	public Stream<Finding> check(Seen seen) {
		return Stream.concat(seen.tables().filter(seen::isRewritten).map((table) -> ofTable(seen, table)),
				seen.tables()
					.filter((table) -> !seen.isRewritten(table) && !seen.isTruncated(table))
					.flatMap((table) -> seen.indexesRebuilt(table)
						.filter((index) -> !seen.isBuilt(index))
						.map((index) -> ofIndex(seen, table, index))));
	}

	private static Finding ofTable(Seen seen, Relation table) {
		return seen.finding(Hazard.REWRITE, table, LockMode.ACCESS_EXCLUSIVE,
				"%s is written anew, row by row and with all its indexes, and until that is committed nobody can read or write it."
					.formatted(table.sqlName()),
				REMEDY.of(seen, table));
	}

	private static Finding ofIndex(Seen seen, Relation table, Relation index) {
		return seen.finding(Hazard.REWRITE, table, LockMode.ACCESS_EXCLUSIVE,
				"The file of index %s is copied, and until that is committed no query of %s can be planned."
					.formatted(index.sqlName(), table.sqlName()),
				null);
	}

}
