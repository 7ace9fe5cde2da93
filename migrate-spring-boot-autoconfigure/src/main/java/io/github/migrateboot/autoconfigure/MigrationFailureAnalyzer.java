package io.github.migrateboot.autoconfigure;

import io.github.migrateboot.failure.MigrationException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.annotation.Order;

/**
 * {@link FailureAnalyzer} for every {@link MigrationException}, also for one that is
 * thrown while properties are bound, which Spring Boot's own analyzer knows less about.
 */
@Order(0)
final class MigrationFailureAnalyzer extends AbstractFailureAnalyzer<MigrationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MigrationException cause) {
		return new FailureAnalysis(cause.getDescription(), cause.getAction(), cause);
	}

}
