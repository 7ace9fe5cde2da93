package io.github.migrateboot.autoconfigure;

import java.util.function.IntConsumer;

import io.github.migrateboot.failure.MigrationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Migrates and ends the process, for {@code migrate.mode=apply-and-exit}. Does so once
 * all beans are there and before anything that has a lifecycle starts: no request is
 * served, no message is taken and nothing is scheduled.
 */
final class MigrateAndExit implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(MigrateAndExit.class);

	private final Runnable run;

	private final boolean active;

	private final ApplicationContext context;

	private final IntConsumer exit;

	MigrateAndExit(Runnable run, boolean active, ApplicationContext context, IntConsumer exit) {
		this.run = run;
		this.active = active;
		this.context = context;
		this.exit = exit;
	}

	@Override
	public boolean isAutoStartup() {
		return this.active;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

	@Override
	public void start() {
		int code = migrate();
		// Closes the context, and with it the pools.
		int closed = SpringApplication.exit(this.context, () -> code);
		this.exit.accept((code != 0) ? code : closed);
	}

	private int migrate() {
		try {
			this.run.run();
			logger.info("Migrated; the application ends, because migrate.mode is apply-and-exit");
			return 0;
		}
		catch (MigrationException ex) {
			// Thrown, it would leave the process to threads that others have started.
			new LoggingFailureAnalysisReporter().report(new MigrationFailureAnalyzer().analyze(ex, ex));
			return 1;
		}
	}

	@Override
	public void stop() {
	}

	@Override
	public boolean isRunning() {
		return false;
	}

}
