package io.github.migrateboot.status;

import java.time.Duration;
import java.util.List;

/**
 * What a run that ended well has done.
 *
 * @param applied the versions that this run applied, in order
 * @param baselined the versions that this run recorded as applied without running them
 * @param rolledBack the versions that this run rolled back, in the order in which it did
 * @param alreadyApplied the number of migrations that were applied before, or by another
 * instance meanwhile
 * @param retries how often a migration was retried after a lock timeout, a deadlock or a
 * conflict
 * @param waited how long the run waited for the lock
 * @param took how long the run took in all
 */
public record MigrationReport(List<String> applied, List<String> baselined, List<String> rolledBack, int alreadyApplied,
		int retries, Duration waited, Duration took) {

	public MigrationReport {
		applied = List.copyOf(applied);
		baselined = List.copyOf(baselined);
		rolledBack = List.copyOf(rolledBack);
	}

}
