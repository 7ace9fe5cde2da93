package io.github.migrateboot.autoconfigure;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.migrateboot.failure.Causes;
import io.github.migrateboot.failure.MigrationException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * {@link FailureAnalyzer} for what misses a table or a column before the migrations of
 * the phase {@code ready} have run. Asks neither the database nor any bean that may be
 * closed.
 */
@Order(0)
final class PendingSchemaFailureAnalyzer implements FailureAnalyzer {

	/** Of Hibernate, which need not be there. */
	private static final String VALIDATION = "org.hibernate.tool.schema.spi.SchemaManagementException";

	/** Tables, columns, schemas, functions and types that do not exist. */
	private static final Set<String> MISSING_STATES = Set.of("42P01", "42703", "3F000", "42883", "42704", "42S02",
			"42S03", "42S04", "42S22");

	/** The same without a SQLSTATE of their own: schema, sequence, function. */
	private static final Set<Integer> MISSING_CODES = Set.of(90079, 90036, 90022, 1305);

	private static final Pattern MISSING_IN_SQLITE = Pattern
		.compile("no such (table|column|view|function)|has no column named");

	private final BeanFactory beanFactory;

	private final Environment environment;

	PendingSchemaFailureAnalyzer(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		String missing = null;
		for (Throwable cause : Causes.of(failure)) {
			if (cause instanceof MigrationException) {
				return null;
			}
			if (isMissing(cause)) {
				missing = cause.getMessage();
			}
		}
		List<String> prefixes = MigrateDatabases.migratedWhenReady(this.environment);
		return (missing != null && !prefixes.isEmpty() && isRunStillToCome()) ? describe(missing, prefixes, failure)
				: null;
	}

	private static boolean isMissing(Throwable cause) {
		if (cause instanceof SQLException error) {
			String state = error.getSQLState();
			return (state != null && MISSING_STATES.contains(state)) || MISSING_CODES.contains(error.getErrorCode())
					|| (state == null && MISSING_IN_SQLITE.matcher(String.valueOf(error.getMessage())).find());
		}
		return cause.getClass().getName().equals(VALIDATION);
	}

	/**
	 * Return whether the run of this context has not ended. If the failure has closed the
	 * context, there is no listener any more, and never was an event for it.
	 */
	private boolean isRunStillToCome() {
		if (!(this.beanFactory instanceof ConfigurableListableBeanFactory factory)) {
			return false;
		}
		String[] names = factory.getBeanNamesForType(MigrateOnReadyListener.class, true, false);
		return names.length > 0
				&& !(factory.getSingleton(names[0]) instanceof MigrateOnReadyListener listener && listener.hasEnded());
	}

	private static FailureAnalysis describe(String missing, List<String> prefixes, Throwable failure) {
		String phases = prefixes.stream().map((prefix) -> prefix + ".phase=startup").collect(Collectors.joining(", "));
		return new FailureAnalysis(
				"Something uses the database before it is migrated: " + missing.strip()
						+ "\n\nMigrations run when the application is ready, which is after its beans have been created"
						+ " and its runners have run. They have not run yet.",
				"If a migration creates what is missing, set " + phases
						+ ", so that migrations run before the beans that"
						+ " use the database are created. A bean that uses the DataSource itself needs"
						+ " @DependsOnDatabaseInitialization as well.",
				failure);
	}

}
