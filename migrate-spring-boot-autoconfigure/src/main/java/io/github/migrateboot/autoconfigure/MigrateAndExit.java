package io.github.migrateboot.autoconfigure;

import java.util.function.IntConsumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.FailureAnalysis;
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
		try {
			this.run.run();
			logger.info("Migrated; the application ends, because migrate.mode is apply-and-exit");
		}
		catch (Throwable ex) {
			exitAfter(ex);
			return;
		}
		exit(0);
	}

	/**
	 * End the process after a failure, if that is the mode. Thrown, the failure would
	 * leave the process to threads that others have started.
	 */
	void exitAfter(Throwable failure) {
		if (!this.active) {
			return;
		}
		FailureAnalysis analysis = new MigrationFailureAnalyzer().analyze(failure);
		if (analysis != null) {
			new LoggingFailureAnalysisReporter().report(analysis);
		}
		else {
			logger.error("Migrating has failed; the application ends, because migrate.mode is apply-and-exit", failure);
		}
		exit(1);
	}

	private void exit(int code) {
		// Closes the context, and with it the pools.
		int closed = SpringApplication.exit(this.context, () -> code);
		this.exit.accept((code != 0) ? code : closed);
	}

	@Override
	public void stop() {
	}

	@Override
	public boolean isRunning() {
		return false;
	}

}
