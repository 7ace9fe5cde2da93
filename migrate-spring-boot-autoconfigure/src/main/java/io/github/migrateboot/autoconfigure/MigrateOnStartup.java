package io.github.migrateboot.autoconfigure;

import io.github.migrateboot.autoconfigure.MigrateProperties.Phase;

import org.springframework.beans.factory.InitializingBean;

/**
 * Runs the migrations of the phase {@code startup} when it is initialized, before the
 * beans that depend on an initialized database. A failure ends the start.
 */
final class MigrateOnStartup implements InitializingBean {

	private final MigrationRunner runner;

	private final MigrateShutdownHook shutdownHook;

	MigrateOnStartup(MigrationRunner runner, MigrateShutdownHook shutdownHook) {
		this.runner = runner;
		this.shutdownHook = shutdownHook;
	}

	@Override
	public void afterPropertiesSet() {
		this.shutdownHook.during(() -> this.runner.run(Phase.STARTUP));
	}

}
