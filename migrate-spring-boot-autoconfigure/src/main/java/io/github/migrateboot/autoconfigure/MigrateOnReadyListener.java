package io.github.migrateboot.autoconfigure;

import io.github.migrateboot.Migrators;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationContext;

/**
 * Runs the migrations when the application is ready and not yet told so to its
 * orchestrator. A failure ends the start.
 */
final class MigrateOnReadyListener extends ApplicationReadyListener {

	private static final Logger logger = LoggerFactory.getLogger(MigrateOnReadyListener.class);

	private final Migrators migrators;

	private final boolean enabled;

	MigrateOnReadyListener(Migrators migrators, boolean enabled, ApplicationContext context) {
		super(context);
		this.migrators = migrators;
		this.enabled = enabled;
	}

	@Override
	void onReady() {
		if (this.enabled) {
			this.migrators.migrate();
		}
		else {
			logger.info("Migrations do not run: migrate.enabled is false");
		}
	}

}
