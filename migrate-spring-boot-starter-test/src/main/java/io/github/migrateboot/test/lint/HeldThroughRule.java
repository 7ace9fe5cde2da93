package io.github.migrateboot.test.lint;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;

/**
 * Finds locks that are held while something else is done that can take long.
 */
final class HeldThroughRule implements StatementRule {

	private static final long MANY_ROWS = 1000;

	private static final Duration LONG = Duration.ofMillis(200);

	/**
	 * What takes long without reading a table. What is missing here is quick or scans.
	 */
	private static final Set<String> ANYTHING = Set.of("SELECT", "WITH", "DO", "CALL", "INSERT", "UPDATE", "DELETE",
			"MERGE", "COPY", "EXECUTE");

	@Override
	public Stream<Finding> check(Seen seen) {
		Optional<String> work = work(seen);
		if (work.isEmpty()) {
			return Stream.empty();
		}
		return seen.tables()
			.filter((table) -> seen.lockBefore(table).isPresent() && !isReportedItself(seen, table))
			.map((table) -> finding(seen, table, seen.lockBefore(table).orElseThrow(), work.get()));
	}

	private static boolean isReportedItself(Seen seen, Relation table) {
		return seen.isRewritten(table) || seen.isTruncated(table) || seen.isIndexed(table) || seen.isChecked(table);
	}

	private static Optional<String> work(Seen seen) {
		Optional<String> table = seen.tables()
			.filter((each) -> seen.isRewritten(each) || seen.isScanned(each)
					|| (seen.lock(each).isPresent() && seen.isChecked(each)))
			.map((each) -> "%s all rows of %s".formatted(seen.isRewritten(each) ? "writes" : "reads", each.sqlName()))
			.findFirst();
		if (table.isPresent()) {
			return table;
		}
		long rows = seen.work().after().written(seen.work().before());
		if (rows >= MANY_ROWS) {
			return Optional.of("writes %s rows".formatted(rows));
		}
		Duration took = seen.work().took();
		return (took.compareTo(LONG) >= 0 && seen.statement().startsWithAny(ANYTHING))
				? Optional.of("takes %s ms here".formatted(took.toMillis())) : Optional.empty();
	}

	private static Finding finding(Seen seen, Relation table, LockMode lock, String work) {
		return seen.finding(Hazard.HELD_THROUGH, table, lock,
				"The transaction has held %1$s on %2$s since an earlier statement, and this one %3$s: until all is committed %4$s %2$s."
					.formatted(lock, table.sqlName(), work, lock.keepsOut()),
				"""
						-- one file: the quick statements that lock %s, and nothing behind them
						-- the next file, with a transaction of its own: this statement""".formatted(table.sqlName()));
	}

}
