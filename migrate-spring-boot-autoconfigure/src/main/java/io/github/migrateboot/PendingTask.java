package io.github.migrateboot;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.history.Snapshot;
import io.github.migrateboot.script.SqlRules;
import org.jspecify.annotations.Nullable;
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

	private final Supplier<Duration> elapsed;

	private @Nullable PendingMigrations migrations;

	PendingTask(MigratorSettings settings, StatusBoard board, FirstLook look, Supplier<Duration> elapsed) {
		this.settings = settings;
		this.board = board;
		this.look = look;
		this.elapsed = elapsed;
	}

	/**
	 * Only the server that has been asked tells how files are read.
	 */
	@Override
	public void check(Database database) {
		SqlRules rules = PendingMigrations.rules(database, this.settings.connect());
		PendingMigrations read = PendingMigrations.read(rules, this.look.pending());
		if (database.isPooled()) {
			read.files().forEach((file) -> SessionStatements.requireNone(read.get(file)));
		}
		this.migrations = read;
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
				this.look.pending().size());
		return new MigrationReport(List.of(), List.of(), List.of(), this.look.files().size(), 0, waited,
				this.elapsed.get());
	}

	@Override
	public boolean isOver(Snapshot history, String version) {
		return history.isApplied(version);
	}

	@Override
	public MigrationReport execute(Place place) throws SQLException {
		PendingMigrations read = Objects.requireNonNull(this.migrations, "Not checked");
		return new LockedRun(this.settings, this.board, place, this.look, read).execute(this.elapsed);
	}

}
