package io.github.migrateboot.autoconfigure;

import java.time.Duration;

import io.github.migrateboot.Migrators;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a run when the JVM is shut down while the application context is still being
 * refreshed, which is when no {@link MigrateLifecycle} can.
 */
final class MigrateShutdownHook {

	private static final Logger logger = LoggerFactory.getLogger(MigrateShutdownHook.class);

	private final Migrators migrators;

	private final Duration grace;

	MigrateShutdownHook(Migrators migrators, Duration phaseTimeout) {
		this.migrators = migrators;
		this.grace = MigrateLifecycle.grace(phaseTimeout);
	}

	/**
	 * Run something that is stopped if the JVM is shut down meanwhile.
	 */
	void during(Runnable run) {
		Thread hook = new Thread(() -> this.migrators.stop(this.grace), "migrate-stop");
		try {
			Runtime.getRuntime().addShutdownHook(hook);
		}
		catch (IllegalStateException ex) {
			logger.debug("The JVM is already being shut down");
			this.migrators.stop(Duration.ZERO);
		}
		try {
			run.run();
		}
		finally {
			remove(hook);
		}
	}

	private static void remove(Thread hook) {
		try {
			Runtime.getRuntime().removeShutdownHook(hook);
		}
		catch (IllegalStateException ex) {
			logger.debug("The JVM is being shut down");
		}
	}

}
