package io.github.migrateboot.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.faults.Workload.Migration;
import io.github.migrateboot.faults.Workload.Step;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.Resolution;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedRuntimeException;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * Reads from the database whether the promises were kept.
 */
final class Checks {

	/** Of a holder that ended. */
	private static final Duration RELEASE = Duration.ofSeconds(2);

	/** Of a frozen holder: its silence timeout, and what its last statement takes. */
	private static final Duration SILENCE = Duration.ofSeconds(35);

	private static final Pattern QUESTION = Pattern.compile("(\\d{4}):(\\d+)=");

	private final Plan plan;

	private final List<TestDatabase> nodes;

	private final TestDatabase database;

	private final TestDatabase entry;

	private final MigrationFolder folder;

	private final Verdict verdict;

	private final Set<String> asked = new HashSet<>();

	Checks(Plan plan, List<TestDatabase> nodes, TestDatabase entry, MigrationFolder folder, Verdict verdict) {
		this.plan = plan;
		this.nodes = nodes;
		this.database = nodes.get(0);
		this.entry = entry;
		this.folder = folder;
		this.verdict = verdict;
	}

	/**
	 * Connect, as soon as the database lets somebody in.
	 */
	Connection awaitConnection() {
		AtomicReference<Connection> connection = new AtomicReference<>();
		boolean connected = Pause.until(Duration.ofSeconds(30), () -> {
			try {
				connection.set(this.database.connect());
				return true;
			}
			catch (IllegalStateException ex) {
				return false;
			}
		});
		return connected ? connection.get() : this.database.connect();
	}

	/**
	 * The lock is free shortly after the last process has ended.
	 */
	void lockIsFree() {
		Duration limit = RELEASE;
		if (this.plan.platform().dialect() == Dialect.MYSQL) {
			// A statement of a dead client runs to its end.
			limit = limit.plusMillis(Workload.longestMillis());
		}
		if (this.plan.platform() == Platform.GALERA) {
			limit = limit.plus(MigrateProcess.LEASE_DURATION);
		}
		long start = System.nanoTime();
		boolean free = false;
		try (LockProbe probe = new LockProbe(this.database)) {
			free = Pause.until(limit.multipliedBy(10), probe::isFree);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		Duration after = Duration.ofNanos(System.nanoTime() - start);
		this.verdict.lockFree(after);
		if (!free || after.compareTo(limit) > 0) {
			this.verdict.violation("The lock was " + (free ? "" : "not ") + "free " + after.toMillis()
					+ " ms after the last process had ended");
		}
	}

	/**
	 * Whoever was not hit ends well, or with the question that somebody has to answer.
	 */
	void survivors(List<Replica> replicas) {
		boolean anybody = this.verdict.struck().stream().anyMatch((fault) -> !fault.isOfProcess())
				|| this.plan.served();
		for (Replica replica : replicas) {
			String failure = replica.failure();
			if ("UnexpectedFailureException".equals(failure)) {
				this.verdict.violation(replica + " ended with " + failure);
			}
			if ("HalfAppliedMigrationException".equals(failure)) {
				question(replica.process().output());
			}
			else if (!replica.isDone() && !replica.isHit() && !anybody) {
				this.verdict.violation(replica + ", to which nothing was done, ended with " + failure);
			}
		}
	}

	/**
	 * What is recorded is whole, and of the rest the journal knows how far it is.
	 */
	void whatIsLeft() {
		awaitQuiet();
		Map<String, Integer> effects = effects();
		Set<String> recorded = recorded();
		Map<String, JournalRow> journal = journal();
		for (Migration migration : this.plan.workload().migrations()) {
			JournalRow row = journal.getOrDefault(migration.version(), JournalRow.NONE);
			for (Step step : migration.steps()) {
				if (step.effect() == null) {
					continue;
				}
				int count = effects.getOrDefault(step.effect(), 0);
				if (recorded.contains(migration.version())) {
					require(count == 1, step, count, "is recorded");
				}
				else if (row.knows(step)) {
					require(count == (row.isDone(step) ? 1 : 0), step, count, "has " + row);
				}
				else {
					require(count <= 1, step, count, "has " + row);
				}
			}
		}
	}

	private void require(boolean condition, Step step, int count, String state) {
		if (!condition) {
			this.verdict.violation("The effect of %s (%s) is there %d times, and the migration %s"
				.formatted(step.effect(), step.sql(), count, state));
		}
	}

	/**
	 * A start without faults ends with everything applied, after answering what can't be
	 * known.
	 */
	void cleanStart(String when) {
		// A pooler turns clients away for a while after its server was down.
		Pause.until(SILENCE, this::isLetThrough);
		List<Resolution> answers = new ArrayList<>();
		for (int tries = 1; tries <= 10; tries++) {
			try {
				migrate(answers);
				return;
			}
			catch (HalfAppliedMigrationException ex) {
				awaitQuiet();
				Step step = question(ex.getMessage());
				if (step != null) {
					answers.add(answer(ex.getMessage(), step));
				}
			}
			catch (MigrationException ex) {
				this.verdict.violation(
						"A clean start " + when + " failed: " + ex.getClass().getSimpleName() + ": " + ex.getMessage());
				return;
			}
		}
		this.verdict.violation("A clean start " + when + " goes on asking");
	}

	private boolean isLetThrough() {
		try (Connection connection = this.entry.connections().borrow()) {
			return connection.isValid(1);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	private void migrate(List<Resolution> answers) {
		MigratorSettings settings = MigratorSettings.defaults(Instance.current("clean"))
			.withResolve(answers)
			.withLock(LockSettings.defaults().withTimeout(SILENCE).withLeaseDuration(MigrateProcess.LEASE_DURATION));
		new Migrator(this.folder.source(), this.entry.connections(), settings).migrate();
	}

	/**
	 * Judge a question, and return the statement that it is about.
	 */
	private @Nullable Step question(String text) {
		Matcher matcher = QUESTION.matcher(text);
		if (!matcher.find()) {
			// A dead client's build goes on behind a pooler, without the lock
			boolean orphan = this.plan.platform() == Platform.PGBOUNCER && this.verdict.interruptions() > 0;
			if (!orphan || !text.contains("still being built")) {
				this.verdict.violation("A start stopped without a question: " + text);
			}
			return null;
		}
		String version = matcher.group(1);
		int number = Integer.parseInt(matcher.group(2));
		Step step = this.plan.workload().migration(version).steps().get(number - 1);
		if (this.asked.add(version + ":" + number)) {
			this.verdict.question();
		}
		if (!step.unknown() || this.verdict.questions() > this.verdict.interruptions()) {
			this.verdict.violation("Nobody need be asked about " + step.effect() + " (" + step.sql() + "): " + text);
		}
		return step;
	}

	/**
	 * Answer a question as a person would who looks into the database.
	 */
	private Resolution answer(String text, Step asked) {
		Matcher matcher = QUESTION.matcher(text);
		if (!matcher.find()) {
			throw new IllegalArgumentException(text);
		}
		Map<String, Integer> effects = effects();
		List<Step> steps = this.plan.workload()
			.migration(matcher.group(1))
			.steps()
			.stream()
			.filter((step) -> step.group() == asked.group() && step.effect() != null)
			.toList();
		List<Step> there = steps.stream().filter((step) -> effects.getOrDefault(step.effect(), 0) > 0).toList();
		boolean whole = there.size() == steps.size();
		if (!whole) {
			there.forEach((step) -> this.database.execute(step.undo().toArray(String[]::new)));
		}
		return Resolution.parse(matcher.group() + (whole ? "skip" : "retry"));
	}

	/**
	 * In the end every migration has taken effect once.
	 */
	void allIsThereOnce() {
		Map<String, Integer> effects = effects();
		Set<String> recorded = recorded();
		for (Migration migration : this.plan.workload().migrations()) {
			if (!recorded.contains(migration.version())) {
				this.verdict.violation("In the end " + migration.version() + " is not recorded");
			}
			for (Step step : migration.steps()) {
				if (step.effect() == null) {
					continue;
				}
				require(effects.getOrDefault(step.effect(), 0) == 1, step, effects.getOrDefault(step.effect(), 0),
						"should be applied in the end");
			}
		}
	}

	private void awaitQuiet() {
		String busy = this.plan.platform().dialect().busy();
		if (busy != null && !Pause.until(Duration.ofSeconds(20), () -> this.nodes.stream()
			.allMatch((node) -> Integer.valueOf(0).equals(node.jdbc().queryForObject(busy, Integer.class))))) {
			this.verdict.violation("Sessions were still busy after 20 s");
		}
	}

	private Map<String, Integer> effects() {
		Map<String, Integer> effects = new HashMap<>();
		this.database.jdbc()
			.query(this.plan.platform().dialect().effects(),
					(RowCallbackHandler) (row) -> effects.merge(row.getString(1), row.getInt(2), Integer::sum));
		return effects;
	}

	private Set<String> recorded() {
		try {
			return new HashSet<>(this.database.versions());
		}
		catch (NestedRuntimeException ex) {
			// Nobody came as far as to create the table.
			return Set.of();
		}
	}

	private Map<String, JournalRow> journal() {
		Map<String, JournalRow> journal = new HashMap<>();
		try {
			this.database.jdbc()
				.query("SELECT version, state, statements_done, statement FROM "
						+ this.database.quoted("schema_migrations_journal"),
						(RowCallbackHandler) (row) -> journal.put(row.getString(1),
								new JournalRow(row.getString(2), row.getInt(3), row.getInt(4))));
		}
		catch (NestedRuntimeException ex) {
			// Nobody came as far as to create the table.
		}
		return journal;
	}

	/**
	 * What the journal says about a migration that is not recorded.
	 *
	 * @param state its state
	 * @param done how many statements are done
	 * @param statement the statement that was started, or 0
	 */
	private record JournalRow(String state, int done, int statement) {

		private static final JournalRow NONE = new JournalRow("no journal row", 0, 0);

		boolean knows(Step step) {
			return step.number() != this.statement && step.group() != this.statement;
		}

		boolean isDone(Step step) {
			return step.number() <= this.done;
		}

	}

}
