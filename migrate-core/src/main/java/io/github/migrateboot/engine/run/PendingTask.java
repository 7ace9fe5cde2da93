package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.engine.plan.MigrationLoader;
import io.github.migrateboot.engine.plan.PooledSessionCheck;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.StatusPublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what is pending.
 */
final class PendingTask implements LockedTask {

	private static final Logger logger = LoggerFactory.getLogger(PendingTask.class);

	private final MigratorSettings settings;

	private final StatusPublisher board;

	private final PendingCheck look;

	private final MigrationLoader migrations;

	private final Supplier<Duration> elapsed;

	PendingTask(MigratorSettings settings, StatusPublisher board, PendingCheck look, Supplier<Duration> elapsed) {
		this.settings = settings;
		this.board = board;
		this.look = look;
		this.elapsed = elapsed;
		this.migrations = MigrationLoader.read(look.database(), look.pending());
	}

	@Override
	public void check(Database database) {
		if (database.isPooled()) {
			this.migrations.files().forEach((file) -> PooledSessionCheck.requireNone(this.migrations.get(file)));
		}
	}

	@Override
	public String intent() {
		return this.look.pending().size() + " of " + this.look.files().size() + " migrations are pending";
	}

	@Override
	public boolean isNeedless(HistorySnapshot history) {
		return new HistoryComparison(this.look.files(), history).pending().isEmpty();
	}

	@Override
	public MigrationReport needless(Duration waited) {
		logger.info("Nothing left to migrate: another instance has applied the {} pending migrations",
				this.migrations.files().size());
		return new MigrationReport(List.of(), List.of(), List.of(), this.look.files().size(), 0, waited,
				this.elapsed.get());
	}

	@Override
	public boolean isOver(HistorySnapshot history, String version) {
		return history.isApplied(version);
	}

	@Override
	public MigrationReport execute(Place place) throws SQLException {
		return new MigrateOperation(this.settings, this.board, place, this.look, this.migrations).execute(this.elapsed);
	}

}
