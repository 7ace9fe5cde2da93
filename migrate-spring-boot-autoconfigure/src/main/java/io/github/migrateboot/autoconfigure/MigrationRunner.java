package io.github.migrateboot.autoconfigure;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.autoconfigure.MigrateProperties.Phase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrates what is enabled, in the way that the application has chosen.
 */
final class MigrationRunner {

	private static final Logger logger = LoggerFactory.getLogger(MigrationRunner.class);

	private final Migrators migrators;

	private final MigrateDatabases databases;

	private final Consumer<Migrator> strategy;

	private final Set<String> started = ConcurrentHashMap.newKeySet();

	/**
	 * Create a runner.
	 * @param migrators the migrators
	 * @param databases which of them are enabled
	 * @param strategy what to do with each, or {@code null} to migrate it
	 */
	MigrationRunner(Migrators migrators, MigrateDatabases databases, @Nullable MigrationStrategy strategy) {
		this.migrators = migrators;
		this.databases = databases;
		this.strategy = (strategy != null) ? strategy::migrate : Migrator::migrate;
	}

	/**
	 * Migrate the databases of a phase.
	 */
	void run(Phase phase) {
		run(this.migrators.filter((name) -> this.databases.get(name).phase() == phase));
	}

	/**
	 * Migrate the databases that have not been, whatever their phase is: beans that were
	 * to be initialized before may be missing or lazy.
	 */
	void runRest() {
		run(this.migrators.filter((name) -> !this.started.contains(name)));
	}

	/**
	 * Do so in a process that ends afterwards.
	 * @param shutdownHook stops the run if the process is ended meanwhile
	 * @return the exit code
	 */
	int runRestAndEnd(MigrateShutdownHook shutdownHook) {
		shutdownHook.during(this::runRest);
		logger.info("Migrated; the application ends, because migrate.mode is apply-and-exit");
		return 0;
	}

	/**
	 * Say what would be migrated in all databases, whatever their phase is.
	 * @param settings what is written, and when it fails
	 * @return the exit code
	 */
	int plan(MigrateProperties.Plan settings) {
		return new PlanRun(this.migrators.filter(this.databases::isEnabled), settings).run();
	}

	private void run(Migrators due) {
		this.started.addAll(due.names());
		for (String name : due.names()) {
			if (!this.databases.isEnabled(name)) {
				logger.info("Migrations do not run: {}.enabled is false", this.databases.prefix(name));
			}
		}
		due.filter(this.databases::isEnabled).migrate(this.strategy);
	}

}
