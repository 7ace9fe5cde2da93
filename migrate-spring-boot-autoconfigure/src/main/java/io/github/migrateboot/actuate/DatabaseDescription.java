package io.github.migrateboot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import io.github.migrateboot.actuate.MigrateDescriptor.Database;
import io.github.migrateboot.actuate.MigrateDescriptor.Failure;
import io.github.migrateboot.actuate.MigrateDescriptor.Holder;
import io.github.migrateboot.actuate.MigrateDescriptor.LastRun;
import io.github.migrateboot.actuate.MigrateDescriptor.Migration;
import io.github.migrateboot.actuate.MigrateDescriptor.Progress;
import io.github.migrateboot.actuate.MigrateDescriptor.Running;
import io.github.migrateboot.actuate.MigrateDescriptor.Waiting;
import io.github.migrateboot.database.Blocking;
import io.github.migrateboot.database.StatementProgress;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import org.jspecify.annotations.Nullable;

/**
 * Describes what is being migrated and what has been, in one database.
 *
 * @param texts whether texts of statements are shown
 * @param now what the time is
 */
record DatabaseDescription(StatementTexts texts, Instant now) {

	/**
	 * Describe a database.
	 * @param enabled whether its migrations run
	 * @param status what its migrator is doing
	 * @param list its migrations
	 */
	Database of(boolean enabled, MigratorStatus status, MigrationList.Answer list) {
		return new Database(enabled, name(status.state()), status.since(), status.database(), status.lock(),
				status.pending(), holder(status.holder()), running(status.running()), lastRun(status.report()),
				failure(status.failure()), list.migrations().stream().map(this::migration).toList(), list.asOf(),
				list.stale() != null, (list.stale() != null) ? list.stale().reason(this.texts) : null);
	}

	private @Nullable Holder holder(@Nullable LockHolder holder) {
		return (holder != null) ? new Holder(holder.session(), holder.instance(), holder.since(),
				this.texts.statementOrNull(holder.statement()), progress(holder.progress())) : null;
	}

	private @Nullable Running running(MigratorStatus.@Nullable Running running) {
		return (running != null) ? new Running(running.version(), running.name(), running.statement(),
				running.statements(), running.since(), Duration.between(running.since(), this.now),
				progress(running.progress()), waiting(running.blocking())) : null;
	}

	private static @Nullable Waiting waiting(@Nullable Blocking blocking) {
		return (blocking != null) ? new Waiting(blocking.sessions(), blocking.longest()) : null;
	}

	private static @Nullable Progress progress(@Nullable StatementProgress progress) {
		return (progress != null) ? new Progress(progress.phase(), progress.done(), progress.total()) : null;
	}

	private static @Nullable LastRun lastRun(@Nullable MigrationReport report) {
		return (report != null) ? new LastRun(report.applied(), report.baselined(),
				report.rolledBack().isEmpty() ? null : report.rolledBack(), report.alreadyApplied(), report.waited(),
				report.took()) : null;
	}

	private @Nullable Failure failure(@Nullable MigrationException failure) {
		return (failure != null) ? new Failure(this.texts.failure(failure), failure.getAction()) : null;
	}

	private Migration migration(MigrationInfo info) {
		return new Migration(info.version(), info.name(), name(info.state()), info.appliedAt(), info.duration(),
				info.instance(), this.texts.errorOrNull(info.error()));
	}

	private static String name(Enum<?> state) {
		return state.name().toLowerCase(Locale.ROOT);
	}

}
