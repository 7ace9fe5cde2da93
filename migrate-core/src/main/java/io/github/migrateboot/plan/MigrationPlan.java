package io.github.migrateboot.plan;

import java.util.List;
import java.util.stream.Stream;

import io.github.migrateboot.lock.LockHolder;
import org.jspecify.annotations.Nullable;

/**
 * What a start would do in one database, as it was at one moment. Immutable.
 *
 * @param database name and version of the database, for example {@code PostgreSQL 18.6}
 * @param table the history table
 * @param lock the lock that would be taken and why, or {@code null} if there can be none
 * @param holder who holds it at this moment, or {@code null} if nobody does or the
 * database does not tell
 * @param applied how many of the files are applied
 * @param baselined the versions that would be recorded as applied and not run, in order
 * @param ahead the versions that are applied and have no file here, sorted
 * @param refusals why the start would stop before it applies anything
 * @param migrations the migrations that would be applied, in order
 */
public record MigrationPlan(String database, String table, @Nullable String lock, @Nullable LockHolder holder,
		int applied, List<String> baselined, List<String> ahead, List<Refusal> refusals,
		List<PlannedMigration> migrations) {

	public MigrationPlan {
		baselined = List.copyOf(baselined);
		ahead = List.copyOf(ahead);
		refusals = List.copyOf(refusals);
		migrations = List.copyOf(migrations);
	}

	/**
	 * Return what was found about the migrations, also what their authors allow.
	 * @return the findings, in the order of the migrations
	 */
	public Stream<PlannedFinding> findings() {
		return this.migrations.stream().flatMap((migration) -> migration.findings().stream());
	}

}
