package io.github.migrateboot.actuate;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.function.Predicate;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.actuate.MigrateDescriptor.Database;
import io.github.migrateboot.actuate.MigrateDescriptor.Operation;
import io.github.migrateboot.status.MigratorStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@link Endpoint @Endpoint} that shows what is being migrated and what has been. It
 * never waits for the lock, and for the database two seconds at most; then it answers
 * with the list of migrations that it knew last and says so.
 */
@Endpoint(id = "migrate", defaultAccess = Access.READ_ONLY)
public class MigrateEndpoint {

	static final Duration PATIENCE = Duration.ofSeconds(2);

	private final List<Watched> watched = new ArrayList<>();

	private final Predicate<String> enabled;

	private final Show showValues;

	private final Migrators migrators;

	private final MigrateOperations operations;

	private final Clock clock;

	/**
	 * Create the endpoint.
	 * @param migrators the migrators
	 * @param enabled whether the migrations of the database of a name run
	 * @param showValues when texts of statements are shown; whoever asks otherwise than
	 * over the web is authorized
	 */
	public MigrateEndpoint(Migrators migrators, Predicate<String> enabled, Show showValues) {
		this.migrators = migrators;
		this.enabled = enabled;
		this.showValues = showValues;
		this.clock = Clock.systemUTC();
		Map<String, MigrationList> lists = new LinkedHashMap<>();
		migrators.asMap().forEach((name, migrator) -> {
			MigrationList list = new MigrationList(migrator::migrations, PATIENCE, this.clock);
			lists.put(name, list);
			this.watched.add(new Watched(name, migrator, list));
		});
		this.operations = new MigrateOperations(migrators, enabled, (name) -> Objects.requireNonNull(lists.get(name)));
	}

	/**
	 * Describe what is being migrated and what has been, with the texts of statements
	 * unless they are never shown.
	 * @return the description
	 */
	@ReadOperation
	public MigrateDescriptor migrations() {
		return describe(StatementTexts.of(this.showValues.isShown(true)));
	}

	MigrateDescriptor describe(StatementTexts texts) {
		// all at once, so that two databases that do not answer cost no more than one
		List<Future<MigrationList.Answer>> requests = this.watched.stream().map((one) -> one.list().request()).toList();
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		Map<String, Database> databases = new LinkedHashMap<>();
		for (int i = 0; i < requests.size(); i++) {
			Watched one = this.watched.get(i);
			MigrationList.Answer answer = one.list().await(requests.get(i), deadline);
			// after the list, so that a state of "done" is not shown beside an older list
			MigratorStatus status = one.migrator().status();
			databases.put(one.name(), new DatabaseDescription(texts, this.clock.instant())
				.of(this.enabled.test(one.name()), status, answer));
		}
		boolean enabled = databases.values().stream().anyMatch(Database::enabled);
		return new MigrateDescriptor(enabled, databases);
	}

	/**
	 * Say what a start would do now, without taking the lock and without writing
	 * anything, with the texts of statements unless they are never shown. Takes as long
	 * as the databases take to answer.
	 * @param what {@code plan}
	 * @return the plan of each database; 404 if something else is asked for
	 */
	@ReadOperation
	public WebEndpointResponse<Map<String, Object>> plan(@Selector String what) {
		return plan(what, this.showValues.isShown(true));
	}

	WebEndpointResponse<Map<String, Object>> plan(String what, boolean texts) {
		if (!"plan".equals(what)) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		return new WebEndpointResponse<>(new PlanOperation(this.migrators.filter(this.enabled), texts).plan());
	}

	/**
	 * Start to apply what is pending or to roll back, and answer at once. What becomes of
	 * it is seen by {@link #migrations()}. Asked for twice, the same is done once. Only
	 * with {@code management.endpoint.migrate.access=unrestricted}.
	 * @param operation {@code apply} or {@code rollback}
	 * @param database the name of the database; may be {@code null} if there is one only
	 * @param version for {@code rollback}: the version to roll back, which is the last
	 * one that is applied
	 * @param to for {@code rollback} instead: the version that stays and is the newest
	 * afterwards
	 * @return what was started, with status 202; 200 if the version is rolled back
	 * already; 400 or 404 if the request means nothing; 409 while a run is going on, or
	 * if another version would have to be rolled back before
	 */
	@WriteOperation
	public WebEndpointResponse<Operation> operate(@Selector String operation, @Nullable String database,
			@Nullable String version, @Nullable String to) {
		return this.operations.start(new MigrateOperations.Request(operation, database, version, to));
	}

	/**
	 * A migrator and its list of migrations.
	 */
	private record Watched(String name, Migrator migrator, MigrationList list) {

	}

}
