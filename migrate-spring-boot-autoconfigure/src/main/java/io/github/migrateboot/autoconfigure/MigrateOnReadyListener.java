package io.github.migrateboot.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Runs the migrations when its own context is ready and not yet told so to its
 * orchestrator, before anything else happens then and on the publishing thread: a failure
 * must reach {@code SpringApplication}, whatever event multicaster the application has.
 * An {@code @EventListener} cannot promise that.
 */
final class MigrateOnReadyListener implements ApplicationListener<ApplicationReadyEvent>, Ordered {

	private final MigrationRunner runner;

	private final ApplicationContext context;

	private volatile @Nullable RuntimeException failure;

	private volatile boolean ended;

	MigrateOnReadyListener(MigrationRunner runner, ApplicationContext context) {
		this.runner = runner;
		this.context = context;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		// the events of child contexts arrive here too
		if (event.getApplicationContext() == this.context) {
			try {
				this.runner.runRest();
			}
			catch (RuntimeException ex) {
				this.failure = ex;
				throw ex;
			}
			finally {
				this.ended = true;
			}
		}
	}

	/**
	 * Return what ended the start, which whoever handles the errors of listeners may have
	 * swallowed.
	 */
	@Nullable RuntimeException failure() {
		return this.failure;
	}

	/**
	 * Return whether the run has ended, in whatever way.
	 */
	boolean hasEnded() {
		return this.ended;
	}

	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}
