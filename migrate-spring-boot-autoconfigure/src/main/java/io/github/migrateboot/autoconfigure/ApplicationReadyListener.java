package io.github.migrateboot.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Does something as soon as its own context is ready, before anything else does and on
 * the publishing thread: a failure must reach {@code SpringApplication}, whatever event
 * multicaster the application has. An {@code @EventListener} cannot promise that.
 */
abstract class ApplicationReadyListener implements ApplicationListener<ApplicationReadyEvent>, Ordered {

	private final ApplicationContext context;

	private volatile @Nullable RuntimeException failure;

	ApplicationReadyListener(ApplicationContext context) {
		this.context = context;
	}

	@Override
	public final void onApplicationEvent(ApplicationReadyEvent event) {
		// the events of child contexts arrive here too
		if (event.getApplicationContext() == this.context) {
			try {
				onReady();
			}
			catch (RuntimeException ex) {
				this.failure = ex;
				throw ex;
			}
		}
	}

	/**
	 * Return what {@link #onReady()} has thrown, which whoever handles the errors of
	 * listeners may have swallowed.
	 */
	final @Nullable RuntimeException failure() {
		return this.failure;
	}

	/**
	 * Called once this context is ready.
	 */
	abstract void onReady();

	@Override
	public final boolean supportsAsyncExecution() {
		return false;
	}

	@Override
	public final int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}
