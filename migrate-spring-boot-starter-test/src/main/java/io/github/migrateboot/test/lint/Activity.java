package io.github.migrateboot.test.lint;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a transaction of PostgreSQL has done so far.
 *
 * @param locks the modes in which it holds locks, by table
 * @param scans how often it has read through each table
 * @param rows how many rows it has written in each table
 */
record Activity(Map<Long, Set<LockMode>> locks, Map<Long, Long> scans, Map<Long, Long> rows) {

	static final Activity NONE = new Activity(Map.of(), Map.of(), Map.of());

	/**
	 * Return the strongest lock of those that others wait for.
	 */
	Optional<LockMode> strongest(Relation table) {
		return this.locks.getOrDefault(table.oid(), Set.of())
			.stream()
			.filter((mode) -> mode.isStrong(table))
			.max(Enum::compareTo);
	}

	boolean hasScanned(Relation table, Activity before) {
		return this.scans.getOrDefault(table.oid(), 0L) > before.scans.getOrDefault(table.oid(), 0L);
	}

	/**
	 * Return how many rows were written since then, in all tables.
	 */
	long written(Activity before) {
		return this.rows.entrySet()
			.stream()
			.mapToLong((entry) -> entry.getValue() - before.rows.getOrDefault(entry.getKey(), 0L))
			.sum();
	}

}
