package io.github.migrateboot.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import org.jspecify.annotations.Nullable;

/**
 * The migrations of a round. Each statement has an effect of its own that can be counted.
 *
 * @param migrations the migrations, in order
 */
record Workload(List<Migration> migrations) {

	private static final int LONGEST = 500;

	private static final int VERY_LATE = 4000;

	static Workload generate(Platform platform, RandomGenerator random, boolean transactionalOnly) {
		List<Migration> migrations = new ArrayList<>();
		int count = random.nextInt(3, 7);
		for (int number = 1; number <= count; number++) {
			migrations.add(migration(platform, random, number, transactionalOnly));
		}
		return new Workload(List.copyOf(migrations));
	}

	private static Migration migration(Platform platform, RandomGenerator random, int number,
			boolean transactionalOnly) {
		Shape shape = transactionalOnly ? pick(random, Shape.MIXED, Shape.DATA)
				: pick(random, Shape.MIXED, Shape.DATA, Shape.ONE_BY_ONE, Shape.CONCURRENT);
		if (shape == Shape.CONCURRENT && platform.dialect() != Dialect.POSTGRES) {
			shape = Shape.ONE_BY_ONE;
		}
		int length = random.nextInt(1, 6);
		int late = random.nextInt(length);
		List<Step> steps = new ArrayList<>();
		for (int step = 1; step <= length; step++) {
			Kind kind = kind(shape, random, step == late + 1);
			int millis = random.nextInt(100, LONGEST);
			if (platform == Platform.POSTGRES && kind == Kind.LATE_MARK && random.nextInt(20) == 0) {
				// Longer than the lock may stay after its holder has died
				millis = VERY_LATE;
			}
			steps.add(step(platform, shape, kind, "m" + number + "s" + step, step, millis));
		}
		return new Migration("%04d".formatted(number), shape.transaction, List.copyOf(steps));
	}

	private static Kind kind(Shape shape, RandomGenerator random, boolean late) {
		if (late) {
			return (shape == Shape.CONCURRENT) ? Kind.CONCURRENT_INDEX : Kind.LATE_MARK;
		}
		return (shape == Shape.DATA) ? pick(random, Kind.MARK, Kind.LATE_MARK, Kind.COUNT)
				: pick(random, Kind.MARK, Kind.LATE_MARK, Kind.COUNT, Kind.TABLE, Kind.INDEX);
	}

	private static Step step(Platform platform, Shape shape, Kind kind, String effect, int number, int millis) {
		Dialect dialect = platform.dialect();
		String sql = switch (kind) {
			case MARK -> "INSERT INTO marks VALUES ('" + effect + "')";
			case LATE_MARK -> dialect.lateMark(effect, millis);
			case COUNT -> "UPDATE counters SET n = n + 1 WHERE effect = '" + effect + "'";
			case TABLE -> table(effect);
			case INDEX -> or(dialect.index(effect), table(effect));
			case CONCURRENT_INDEX -> or(dialect.concurrentIndex(effect, millis), table(effect));
		};
		boolean commits = (kind == Kind.TABLE || kind == Kind.INDEX) && !platform.hasTransactionalDdl();
		boolean unknown = kind != Kind.CONCURRENT_INDEX && (!shape.transaction || commits);
		boolean late = kind == Kind.LATE_MARK || kind == Kind.CONCURRENT_INDEX;
		return new Step(number, effect, kind, sql, late ? millis : 0, unknown);
	}

	private static String table(String effect) {
		return "CREATE TABLE t_" + effect + " (a integer)";
	}

	private static String or(@Nullable String sql, String other) {
		return (sql != null) ? sql : other;
	}

	@SafeVarargs
	private static <T> T pick(RandomGenerator random, T... choices) {
		return choices[random.nextInt(choices.length)];
	}

	/**
	 * Return how long a statement may take that runs on without its client.
	 */
	static int longestMillis() {
		return LONGEST;
	}

	/**
	 * Return how long all of it takes, more or less.
	 */
	int millis() {
		return this.migrations.stream().mapToInt(Migration::millis).sum();
	}

	void write(MigrationFolder folder) {
		for (Migration migration : this.migrations) {
			String name = migration.version() + "_round.sql";
			List<String> statements = migration.steps().stream().map((step) -> step.sql() + ";").toList();
			String up = String.join("\n", statements);
			if (migration.transaction()) {
				folder.add(name, up);
			}
			else {
				folder.addWithoutTransaction(name, up);
			}
		}
	}

	void prepare(TestDatabase database, Dialect dialect) {
		List<String> statements = new ArrayList<>(dialect.setup());
		statements.add("CREATE TABLE marks (effect varchar(40))");
		statements.add("CREATE TABLE counters (effect varchar(40) PRIMARY KEY, n integer)");
		for (Migration migration : this.migrations) {
			for (Step step : migration.steps()) {
				switch (step.kind()) {
					case COUNT -> statements.add("INSERT INTO counters VALUES ('" + step.effect() + "', 0)");
					case INDEX -> statements.add("CREATE TABLE x_" + step.effect() + " (a integer)");
					default -> {
					}
				}
			}
		}
		database.execute(statements.toArray(String[]::new));
	}

	Migration migration(String version) {
		return this.migrations.stream()
			.filter((migration) -> migration.version().equals(version))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("No migration " + version));
	}

	/**
	 * One file.
	 *
	 * @param version its version
	 * @param transaction whether it is to run in a transaction
	 * @param steps its statements
	 */
	record Migration(String version, boolean transaction, List<Step> steps) {

		int millis() {
			return this.steps.stream().mapToInt(Step::millis).sum();
		}

	}

	/**
	 * One statement.
	 *
	 * @param number its number
	 * @param effect what it leaves, once
	 * @param kind what it does
	 * @param sql its text
	 * @param millis how long it takes, more or less
	 * @param unknown whether nobody can know what has become of it when it is cut off
	 */
	record Step(int number, String effect, Kind kind, String sql, int millis, boolean unknown) {

	}

	enum Kind {

		MARK, LATE_MARK, COUNT, TABLE, INDEX, CONCURRENT_INDEX

	}

	private enum Shape {

		MIXED(true), DATA(true), ONE_BY_ONE(false), CONCURRENT(false);

		private final boolean transaction;

		Shape(boolean transaction) {
			this.transaction = transaction;
		}

	}

}
