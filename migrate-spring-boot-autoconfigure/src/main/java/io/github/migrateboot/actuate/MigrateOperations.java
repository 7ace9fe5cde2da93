package io.github.migrateboot.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.actuate.MigrateDescriptor.Operation;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.status.MigrationInfo.State;
import io.github.migrateboot.status.MigratorStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Starts what an operator asks for, each on a thread of its own, one at a time for each
 * database. Whoever asks twice for the same gets it once.
 */
final class MigrateOperations {

	private static final Logger logger = LoggerFactory.getLogger(MigrateOperations.class);

	private static final String APPLY = "apply";

	private static final int ACCEPTED = 202;

	private static final int CONFLICT = 409;

	private final Migrators migrators;

	private final Predicate<String> enabled;

	private final Function<String, MigrationList> lists;

	private final Map<String, AtomicBoolean> busy = new LinkedHashMap<>();

	/**
	 * Create the operations.
	 * @param migrators the migrators
	 * @param enabled whether the migrations of the database of a name run
	 * @param lists the list of the migrations of the database of a name
	 */
	MigrateOperations(Migrators migrators, Predicate<String> enabled, Function<String, MigrationList> lists) {
		this.migrators = migrators;
		this.enabled = enabled;
		this.lists = lists;
		migrators.names().forEach((name) -> this.busy.put(name, new AtomicBoolean()));
	}

	WebEndpointResponse<Operation> start(Request request) {
		if (!List.of(APPLY, "rollback").contains(request.operation())) {
			return answer(request, WebEndpointResponse.STATUS_NOT_FOUND,
					"There is no such operation; use apply or rollback.");
		}
		String meaningless = request.describeProblem();
		if (meaningless != null) {
			return answer(request, WebEndpointResponse.STATUS_BAD_REQUEST, meaningless);
		}
		List<String> names = this.migrators.names();
		String name = (request.database() == null && names.size() == 1) ? names.get(0) : request.database();
		if (name == null || !names.contains(name)) {
			return answer(request, WebEndpointResponse.STATUS_BAD_REQUEST,
					"Set 'database' to one of " + String.join(", ", names) + ".");
		}
		return start(request.on(name), name);
	}

	private WebEndpointResponse<Operation> start(Request request, String name) {
		AtomicBoolean taken = this.busy.get(name);
		if (taken == null || !taken.compareAndSet(false, true)) {
			return answer(request, CONFLICT, "Another operation is going on.");
		}
		boolean started = false;
		try {
			Migrator migrator = this.migrators.get(name);
			if (isRunning(name, migrator)) {
				return answer(request, CONFLICT, "The application's own run has not ended yet.");
			}
			Optional<WebEndpointResponse<Operation>> needless = answerFromList(request, name);
			if (needless.isEmpty()) {
				run(request, name, migrator, taken);
				started = true;
			}
			return needless.orElseGet(() -> answer(request, ACCEPTED, null));
		}
		finally {
			if (!started) {
				taken.set(false);
			}
		}
	}

	private boolean isRunning(String name, Migrator migrator) {
		MigratorStatus.State state = migrator.status().state();
		return state == MigratorStatus.State.WAITING || state == MigratorStatus.State.MIGRATING
				|| (state == MigratorStatus.State.PENDING && this.enabled.test(name));
	}

	/**
	 * Answer what can be told without starting anything. The run decides again when it
	 * has the lock.
	 */
	private Optional<WebEndpointResponse<Operation>> answerFromList(Request request, String name) {
		String version = request.version();
		MigrationList.Answer list = (version != null) ? this.lists.apply(name).read() : null;
		if (version == null || list == null || list.stale() != null) {
			return Optional.empty();
		}
		List<MigrationInfo> files = list.migrations().stream().filter((one) -> one.state() != State.MISSING).toList();
		MigrationInfo named = files.stream().filter((one) -> one.version().equals(version)).findFirst().orElse(null);
		if (named == null) {
			return Optional
				.of(answer(request, CONFLICT, "There is no migration file with the version " + version + "."));
		}
		if (named.state() == State.PENDING) {
			return Optional.of(answer(request, WebEndpointResponse.STATUS_OK, null));
		}
		Stream<MigrationInfo> later = files.subList(files.indexOf(named) + 1, files.size()).stream();
		return later.filter((one) -> one.state() == State.APPLIED)
			.reduce((one, next) -> next)
			.map((last) -> answer(request, CONFLICT,
					named.name() + " is not the last migration that is applied, which is " + last.name() + "."));
	}

	private static void run(Request request, String name, Migrator migrator, AtomicBoolean taken) {
		Thread thread = new Thread(() -> {
			try {
				run(request.operation(), name, request.work(), migrator);
			}
			finally {
				taken.set(false);
			}
		}, "migrate-" + request.operation());
		thread.setDaemon(true);
		thread.start();
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

	private static WebEndpointResponse<Operation> answer(Request request, int status, @Nullable String refused) {
		return new WebEndpointResponse<>(new Operation(request.operation(), request.database(), request.version(),
				request.to(), status == ACCEPTED, refused), status);
	}

	/**
	 * What an operator asks for.
	 *
	 * @param operation the operation
	 * @param database the name of the database, or {@code null} if there is one only
	 * @param version the version to roll back, or {@code null}
	 * @param to the version to roll back to, or {@code null}
	 */
	record Request(String operation, @Nullable String database, @Nullable String version, @Nullable String to) {

		private Request on(String name) {
			return new Request(this.operation, name, this.version, this.to);
		}

		/**
		 * Return why the request means nothing, or {@code null} if it means something.
		 */
		private @Nullable String describeProblem() {
			if (this.version != null && !this.version.matches("[0-9]+")) {
				return "'version' is not a version.";
			}
			if (this.to != null && !this.to.matches("[0-9]+")) {
				return "'to' is not a version.";
			}
			if (APPLY.equals(this.operation)) {
				return (this.version != null || this.to != null)
						? "'version' and 'to' are for rollback only; apply applies everything." : null;
			}
			return ((this.version != null) == (this.to != null))
					? "Set either 'version' to the version to roll back, which has to be the last one that is applied,"
							+ " or 'to' to the version that stays and is the newest afterwards."
					: null;
		}

		private Consumer<Migrator> work() {
			String version = this.version;
			String to = this.to;
			if (version != null) {
				return (migrator) -> migrator.rollBack(version);
			}
			return (to != null) ? (migrator) -> migrator.rollBackTo(to) : Migrator::apply;
		}

	}

}
