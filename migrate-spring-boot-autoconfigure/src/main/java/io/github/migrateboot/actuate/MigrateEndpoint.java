package io.github.migrateboot.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import io.github.migrateboot.MigrationInfo;
import io.github.migrateboot.MigrationReport;
import io.github.migrateboot.Migrator;
import io.github.migrateboot.MigratorStatus;
import io.github.migrateboot.actuate.MigrateDescriptor.Failure;
import io.github.migrateboot.actuate.MigrateDescriptor.Holder;
import io.github.migrateboot.actuate.MigrateDescriptor.LastRun;
import io.github.migrateboot.actuate.MigrateDescriptor.Migration;
import io.github.migrateboot.actuate.MigrateDescriptor.Running;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.lock.LockHolder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * {@link Endpoint @Endpoint} that shows what is being migrated and what has been. It
 * never waits for the lock, and for the database two seconds at most; then it answers
 * with the list of migrations that it knew last and says so.
 */
@Endpoint(id = "migrate", defaultAccess = Access.READ_ONLY)
public class MigrateEndpoint {

	static final Duration PATIENCE = Duration.ofSeconds(2);

	private final Migrator migrator;

	private final boolean enabled;

	private final Clock clock;

	private final MigrationList migrations;

	/**
	 * Create the endpoint.
	 * @param migrator the migrator
	 * @param enabled whether migrations run
	 */
	public MigrateEndpoint(Migrator migrator, boolean enabled) {
		this.migrator = migrator;
		this.enabled = enabled;
		this.clock = Clock.systemUTC();
		this.migrations = new MigrationList(migrator::migrations, PATIENCE, this.clock);
	}

	/**
	 * Describe what is being migrated and what has been.
	 * @return the description
	 */
	@ReadOperation
	public MigrateDescriptor migrations() {
		MigrationList.Answer list = this.migrations.read();
		// after the list, so that a state of "done" is not shown beside an older list
		return describe(this.enabled, this.migrator.status(), list, this.clock.instant());
	}

	static MigrateDescriptor describe(boolean enabled, MigratorStatus status, MigrationList.Answer list, Instant now) {
		return new MigrateDescriptor(enabled, name(status.state()), status.since(), status.database(), status.lock(),
				status.pending(), holder(status.holder()), running(status.running(), now), lastRun(status.report()),
				failure(status.failure()), list.migrations().stream().map(MigrateEndpoint::migration).toList(),
				list.asOf(), list.staleReason() != null, list.staleReason());
	}

	private static @Nullable Holder holder(@Nullable LockHolder holder) {
		return (holder != null) ? new Holder(holder.session(), holder.instance(), holder.since(), holder.statement())
				: null;
	}

	private static @Nullable Running running(MigratorStatus.@Nullable Running running, Instant now) {
		return (running != null) ? new Running(running.version(), running.name(), running.statement(),
				running.statements(), running.since(), Duration.between(running.since(), now)) : null;
	}

	private static @Nullable LastRun lastRun(@Nullable MigrationReport report) {
		return (report != null) ? new LastRun(report.applied(), report.baselined(), report.alreadyApplied(),
				report.waited(), report.took()) : null;
	}

	private static @Nullable Failure failure(@Nullable MigrationException failure) {
		return (failure != null) ? new Failure(failure.getDescription(), failure.getAction()) : null;
	}

	private static Migration migration(MigrationInfo info) {
		return new Migration(info.version(), info.name(), name(info.state()), info.appliedAt(), info.duration(),
				info.instance(), info.error());
	}

	private static String name(Enum<?> state) {
		return state.name().toLowerCase(Locale.ROOT);
	}

}
