package io.github.migrateboot.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Ends the start after a failure although the application has an event multicaster with
 * an error handler that swallows it.
 */
final class SwallowedFailureRunListener implements SpringApplicationRunListener {

	@Override
	public void ready(ConfigurableApplicationContext context, @Nullable Duration timeTaken) {
		if (!context.isActive()) {
			return;
		}
		for (MigrateOnReadyListener listener : context.getBeansOfType(MigrateOnReadyListener.class, false, false)
			.values()) {
			RuntimeException failure = listener.failure();
			if (failure != null) {
				throw failure;
			}
		}
	}

}
