package io.github.migrateboot.autoconfigure;

import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

import io.github.migrateboot.settings.MigratorSettings.Mode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Migrates, or says what would be migrated, and ends the process, for
 * {@code migrate.mode=apply-and-exit} and {@code plan}. Does so once all beans are there
 * and before anything that has a lifecycle starts: no request is served, no message is
 * taken and nothing is scheduled.
 */
final class MigrateAndExit implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(MigrateAndExit.class);

	private final IntSupplier run;

	private final @Nullable Mode mode;

	private final ApplicationContext context;

	private final IntConsumer exit;

	/**
	 * Create it.
	 * @param run does what is to be done, and returns the exit code
	 * @param mode the mode in which the process ends, or {@code null} if it goes on
	 * @param context is closed at the end
	 * @param exit ends the process
	 */
	MigrateAndExit(IntSupplier run, @Nullable Mode mode, ApplicationContext context, IntConsumer exit) {
		this.run = run;
		this.mode = mode;
		this.context = context;
		this.exit = exit;
	}

	@Override
	public boolean isAutoStartup() {
		return this.mode != null;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

	@Override
	public void start() {
		int code;
		try {
			code = this.run.getAsInt();
		}
		catch (Throwable ex) {
			exitAfter(ex);
			return;
		}
		exit(code);
	}

	/**
	 * Return whether nothing is migrated, so that beans which need the schema may fail.
	 */
	boolean isForPlan() {
		return this.mode == Mode.PLAN;
	}

	/**
	 * End the process after a failure, if that is the mode. Thrown, the failure would
	 * leave the process to threads that others have started.
	 */
	void exitAfter(Throwable failure) {
		if (this.mode == null) {
			return;
		}
		FailureAnalysis analysis = new MigrationFailureAnalyzer().analyze(failure);
		if (analysis != null) {
			new LoggingFailureAnalysisReporter().report(analysis);
		}
		else {
			logger.error("{} has failed; the application ends, because migrate.mode is {}",
					isForPlan() ? "Planning" : "Migrating", isForPlan() ? "plan" : "apply-and-exit", failure);
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
