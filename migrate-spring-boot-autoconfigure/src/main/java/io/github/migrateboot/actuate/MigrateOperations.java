package io.github.migrateboot.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.actuate.MigrateDescriptor.Operation;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.status.MigratorStatus.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Starts what an operator asks for, each on a thread of its own, one at a time for each
 * database.
 */
final class MigrateOperations {

	private static final Logger logger = LoggerFactory.getLogger(MigrateOperations.class);

	private static final int ACCEPTED = 202;

	private static final int CONFLICT = 409;

	private final Migrators migrators;

	private final Predicate<String> enabled;

	private final Map<String, AtomicBoolean> busy = new LinkedHashMap<>();

	MigrateOperations(Migrators migrators, Predicate<String> enabled) {
		this.migrators = migrators;
		this.enabled = enabled;
		migrators.names().forEach((name) -> this.busy.put(name, new AtomicBoolean()));
	}

	WebEndpointResponse<Operation> start(String operation, @Nullable String database, @Nullable String to) {
		if (!List.of("apply", "rollback").contains(operation)) {
			return answer(operation, database, to, WebEndpointResponse.STATUS_NOT_FOUND,
					"There is no such operation; use apply or rollback.");
		}
		if (to != null && !to.matches("[0-9]+")) {
			return answer(operation, database, to, WebEndpointResponse.STATUS_BAD_REQUEST, "'to' is not a version.");
		}
		if (to != null && "apply".equals(operation)) {
			return answer(operation, database, to, WebEndpointResponse.STATUS_BAD_REQUEST,
					"'to' is for rollback only; apply applies everything.");
		}
		List<String> names = this.migrators.names();
		String name = (database == null && names.size() == 1) ? names.get(0) : database;
		if (name == null || !names.contains(name)) {
			return answer(operation, database, to, WebEndpointResponse.STATUS_BAD_REQUEST,
					"Set 'database' to one of " + String.join(", ", names) + ".");
		}
		return start(operation, name, to, this.migrators.get(name));
	}

	private WebEndpointResponse<Operation> start(String operation, String name, @Nullable String to,
			Migrator migrator) {
		AtomicBoolean taken = this.busy.get(name);
		if (taken == null || !taken.compareAndSet(false, true)) {
			return answer(operation, name, to, CONFLICT, "Another operation is going on.");
		}
		if (isRunning(name, migrator)) {
			taken.set(false);
			return answer(operation, name, to, CONFLICT, "The application's own run has not ended yet.");
		}
		Thread thread = new Thread(() -> {
			try {
				run(operation, name, work(operation, to), migrator);
			}
			finally {
				taken.set(false);
			}
		}, "migrate-" + operation);
		thread.setDaemon(true);
		thread.start();
		return answer(operation, name, to, ACCEPTED, null);
	}

	private boolean isRunning(String name, Migrator migrator) {
		State state = migrator.status().state();
		return state == State.WAITING || state == State.MIGRATING
				|| (state == State.PENDING && this.enabled.test(name));
	}

	private static Consumer<Migrator> work(String operation, @Nullable String to) {
		if ("apply".equals(operation)) {
			return Migrator::apply;
		}
		return (to != null) ? (migrator) -> migrator.rollBackTo(to) : Migrator::rollBack;
	}

	private static void run(String operation, String name, Consumer<Migrator> work, Migrator migrator) {
		logger.info("Operation {} on database '{}' was asked for at the endpoint", operation, name);
		try {
			work.accept(migrator);
		}
		catch (MigrationException ex) {
			logger.error("Operation {} on database '{}' failed. {}\n{}", operation, name, ex.getDescription(),
					ex.getAction());
		}
	}

	private static WebEndpointResponse<Operation> answer(String operation, @Nullable String database,
			@Nullable String to, int status, @Nullable String refused) {
		return new WebEndpointResponse<>(new Operation(operation, database, to, refused == null, refused), status);
	}

}
