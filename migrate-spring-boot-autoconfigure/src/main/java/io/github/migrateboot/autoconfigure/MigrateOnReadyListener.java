package io.github.migrateboot.autoconfigure;

import org.springframework.context.ApplicationContext;

/**
 * Runs the migrations when the application is ready and not yet told so to its
 * orchestrator. A failure ends the start.
 */
final class MigrateOnReadyListener extends ApplicationReadyListener {

	private final MigrationRunner runner;

	MigrateOnReadyListener(MigrationRunner runner, ApplicationContext context) {
		super(context);
		this.runner = runner;
	}

	@Override
	void onReady() {
		this.runner.runRest();
	}

}
