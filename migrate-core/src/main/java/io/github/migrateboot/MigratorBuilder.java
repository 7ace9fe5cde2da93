package io.github.migrateboot;

import java.util.function.UnaryOperator;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.lock.LockStrategies;
import io.github.migrateboot.lock.LockStrategyFactory;
import io.github.migrateboot.observation.StatementObserver;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.settings.MigratorSettings;

/**
 * What a {@link Migrator} is built from. Not thread-safe.
 */
public final class MigratorBuilder {

	private final String name;

	private MigrationSource source;

	private MigrationConnections connections;

	private MigratorSettings settings;

	private LockStrategyFactory locks = LockStrategies::choose;

	private StatementObserver observer = StatementObserver.NONE;

	/**
	 * Create a builder.
	 * @param name the name of the database
	 * @param source where the migration files come from
	 * @param connections where connections come from
	 * @param settings how to work
	 */
	public MigratorBuilder(String name, MigrationSource source, MigrationConnections connections,
			MigratorSettings settings) {
		this.name = name;
		this.source = source;
		this.connections = connections;
		this.settings = settings;
	}

	/**
	 * Return the name of the database.
	 * @return the name; {@value Migrators#DEFAULT_NAME} if it is the only one
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return where the migration files come from.
	 * @return the source
	 */
	public MigrationSource source() {
		return this.source;
	}

	/**
	 * Set where the migration files come from.
	 * @param source the source
	 * @return this builder
	 */
	public MigratorBuilder source(MigrationSource source) {
		this.source = source;
		return this;
	}

	/**
	 * Return where connections come from.
	 * @return the connections
	 */
	public MigrationConnections connections() {
		return this.connections;
	}

	/**
	 * Set where connections come from.
	 * @param connections the connections
	 * @return this builder
	 */
	public MigratorBuilder connections(MigrationConnections connections) {
		this.connections = connections;
		return this;
	}

	/**
	 * Return how the migrator will work.
	 * @return the settings
	 */
	public MigratorSettings settings() {
		return this.settings;
	}

	/**
	 * Change how the migrator will work.
	 * @param change returns the settings to use, given those there are
	 * @return this builder
	 */
	public MigratorBuilder settings(UnaryOperator<MigratorSettings> change) {
		this.settings = change.apply(this.settings);
		return this;
	}

	/**
	 * Set a lock strategy of one's own.
	 * @param locks creates the lock strategy of each run
	 * @return this builder
	 */
	public MigratorBuilder locks(LockStrategyFactory locks) {
		this.locks = locks;
		return this;
	}

	/**
	 * Set who stands around the statements of migrations. Each of them is then sent by
	 * itself, which takes longer.
	 * @param observer the observer
	 * @return this builder
	 */
	public MigratorBuilder observer(StatementObserver observer) {
		this.observer = observer;
		return this;
	}

	/**
	 * Build the migrator.
	 * @return a new migrator
	 */
	public Migrator build() {
		return new Migrator(this.source, this.connections, this.settings, this.locks, this.observer);
	}

}
