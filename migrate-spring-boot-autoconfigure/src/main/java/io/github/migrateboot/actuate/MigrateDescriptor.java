package io.github.migrateboot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What {@code /actuator/migrate} answers. Members that are {@code null} are left out;
 * times and durations are written as ISO 8601 has them ({@code 2026-11-01T08:00:00Z},
 * {@code PT1.5S}).
 *
 * @param enabled whether migrations run, of any database
 * @param databases what is known of each database, by name, in the order in which they
 * are migrated; the only database of an application is {@code default}
 */
public record MigrateDescriptor(boolean enabled, Map<String, Database> databases) implements OperationResponseBody {

	/**
	 * What is being migrated and what has been, in one database.
	 *
	 * @param enabled whether its migrations run, {@code migrate.enabled}
	 * @param state {@code pending}, {@code waiting}, {@code migrating}, {@code done} or
	 * {@code failed}
	 * @param since since when it is in this state
	 * @param database name and version of the database, once known
	 * @param lock the lock in use and why, once it was needed
	 * @param pending how many migrations are still to be applied, once known
	 * @param holder who holds the lock while this instance waits
	 * @param running what this instance is applying
	 * @param lastRun what the last run has done, if it ended well
	 * @param failure why the last run failed
	 * @param migrations every migration, sorted by file name
	 * @param migrationsAsOf when the list of migrations was read, or {@code null} if it
	 * has not been yet
	 * @param stale whether the list of migrations is older than this answer because the
	 * database did not answer in time or the list could not be read
	 * @param staleReason why the list is stale
	 */
	public record Database(boolean enabled, String state, Instant since, @Nullable String database,
			@Nullable String lock, @Nullable Integer pending, @Nullable Holder holder, @Nullable Running running,
			@Nullable LastRun lastRun, @Nullable Failure failure, List<Migration> migrations,
			@Nullable Instant migrationsAsOf, boolean stale, @Nullable String staleReason) {

	}

	/**
	 * Who holds the lock, as far as the database tells.
	 *
	 * @param session the database's id of the session
	 * @param instance host, process id and application
	 * @param since since when the session or the lock exists
	 * @param statement what is running there, or {@code ******} if texts of statements
	 * are not shown
	 * @param progress how far the server is with it, if it tells
	 */
	public record Holder(@Nullable String session, @Nullable String instance, @Nullable Instant since,
			@Nullable String statement, @Nullable Progress progress) {

	}

	/**
	 * How far the server is with a statement, as it reports itself.
	 *
	 * @param phase what it is doing, in its words
	 * @param done how much of that is done, in a unit of the server's
	 * @param total how much it is in all, as far as it knows
	 */
	public record Progress(String phase, @Nullable Long done, @Nullable Long total) {

	}

	/**
	 * The migration that this instance is applying.
	 *
	 * @param version its version
	 * @param name its file's name
	 * @param statement the number of the running statement, from 1; 0 while all of them
	 * run as one batch
	 * @param statements how many statements it has
	 * @param since when it was started
	 * @param elapsed for how long it has been running
	 * @param progress how far the server is with it, if it tells; asked each report
	 * interval
	 * @param blocking how many sessions wait because of it, if anybody is seen waiting
	 */
	public record Running(String version, String name, int statement, int statements, Instant since, Duration elapsed,
			@Nullable Progress progress, @Nullable Waiting blocking) {

	}

	/**
	 * Sessions of others that wait because of the migration.
	 *
	 * @param sessions how many
	 * @param longest how long the first of them has waited
	 */
	public record Waiting(int sessions, Duration longest) {

	}

	/**
	 * What the last run has done.
	 *
	 * @param applied the versions that it applied, in order
	 * @param baselined the versions that it recorded as applied without running them
	 * @param rolledBack the versions that it rolled back, or {@code null} if it did not
	 * @param alreadyApplied how many migrations were applied before, or by another
	 * instance meanwhile
	 * @param waited how long it waited for the lock
	 * @param took how long it took in all
	 */
	public record LastRun(List<String> applied, List<String> baselined, @Nullable List<String> rolledBack,
			int alreadyApplied, Duration waited, Duration took) {

	}

	/**
	 * What has become of a request to do something.
	 *
	 * @param operation {@code apply} or {@code rollback}
	 * @param database the name of the database
	 * @param version the version to roll back
	 * @param to the version to roll back to
	 * @param started whether it was started; what becomes of it is seen by reading the
	 * endpoint
	 * @param refused why it was not, unless there was nothing left to do
	 */
	public record Operation(String operation, @Nullable String database, @Nullable String version, @Nullable String to,
			boolean started, @Nullable String refused) implements OperationResponseBody {

	}

	/**
	 * Why the last run failed.
	 *
	 * @param description what happened, where and why; without texts of statements and of
	 * the database if those are not shown
	 * @param action what to do now
	 */
	public record Failure(String description, String action) {

	}

	/**
	 * One migration.
	 *
	 * @param version its version
	 * @param name its file's name, if the file or the journal is there
	 * @param state {@code applied}, {@code missing}, {@code started}, {@code failed} or
	 * {@code pending}
	 * @param appliedAt when it was finished
	 * @param duration how long it took
	 * @param instance which instance applied it
	 * @param error why it failed; only state and code if texts of statements are not
	 * shown
	 */
	public record Migration(String version, @Nullable String name, String state, @Nullable Instant appliedAt,
			@Nullable Duration duration, @Nullable String instance, @Nullable String error) {

	}

}
