package io.github.migrateboot.autoconfigure;

import io.github.migrateboot.autoconfigure.MigrateProperties.Phase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.SpringProperties;

/**
 * Runs the migrations of the phase {@code startup} when it is initialized, before the
 * beans that depend on an initialized database. A failure ends the start.
 */
final class MigrateOnStartup implements InitializingBean {

	private static final Logger logger = LoggerFactory.getLogger(MigrateOnStartup.class);

	private final MigrationRunner runner;

	private final MigrateShutdownHook shutdownHook;

	private final MigrateAndExit exit;

	MigrateOnStartup(MigrationRunner runner, MigrateShutdownHook shutdownHook, MigrateAndExit exit) {
		this.runner = runner;
		this.shutdownHook = shutdownHook;
		this.exit = exit;
	}

	@Override
	public void afterPropertiesSet() {
		if (endsOnRefresh()) {
			// What has not run by then runs when the application is ready: never in a
			// training run, and after a checkpoint in the process that is restored.
			logger.info("Migrations do not run before the context is refreshed, because a training run or a checkpoint"
					+ " ends this start there");
			return;
		}
		if (this.exit.isForPlan()) {
			// The beans that come next may need what is not migrated.
			this.exit.start();
			return;
		}
		try {
			this.shutdownHook.during(() -> this.runner.run(Phase.STARTUP));
		}
		catch (Throwable ex) {
			this.exit.exitAfter(ex);
			throw ex;
		}
	}

	private static boolean endsOnRefresh() {
		return isOnRefresh(DefaultLifecycleProcessor.EXIT_PROPERTY_NAME)
				|| isOnRefresh(DefaultLifecycleProcessor.CHECKPOINT_PROPERTY_NAME);
	}

	private static boolean isOnRefresh(String property) {
		return DefaultLifecycleProcessor.ON_REFRESH_VALUE.equalsIgnoreCase(SpringProperties.getProperty(property));
	}

}
