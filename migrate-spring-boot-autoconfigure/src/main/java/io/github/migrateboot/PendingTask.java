package io.github.migrateboot;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.history.Snapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies what is pending.
 */
final class PendingTask implements LockedTask {

	private static final Logger logger = LoggerFactory.getLogger(PendingTask.class);

	private final MigratorSettings settings;

	private final StatusBoard board;

	private final FirstLook look;

	private final PendingMigrations migrations;

	private final Supplier<Duration> elapsed;

	PendingTask(MigratorSettings settings, StatusBoard board, FirstLook look, Supplier<Duration> elapsed) {
		this.settings = settings;
		this.board = board;
		this.look = look;
		this.elapsed = elapsed;
		this.migrations = PendingMigrations.read(look.database(), look.pending());
	}

	@Override
	public void check(Database database) {
		if (database.isPooled()) {
			this.migrations.files().forEach((file) -> SessionStatements.requireNone(this.migrations.get(file)));
		}
	}

	@Override
	public String intent() {
		return this.look.pending().size() + " of " + this.look.files().size() + " migrations are pending";
	}

	@Override
	public boolean isNeedless(Snapshot history) {
		return new Comparison(this.look.files(), history).pending().isEmpty();
	}

	@Override
	public MigrationReport needless(Duration waited) {
		logger.info("Nothing left to migrate: another instance has applied the {} pending migrations",
				this.migrations.files().size());
		return new MigrationReport(List.of(), List.of(), List.of(), this.look.files().size(), 0, waited,
				this.elapsed.get());
	}

	@Override
	public boolean isOver(Snapshot history, String version) {
		return history.isApplied(version);
	}

	@Override
	public MigrationReport execute(Place place) throws SQLException {
		return new LockedRun(this.settings, this.board, place, this.look, this.migrations).execute(this.elapsed);
	}

}
