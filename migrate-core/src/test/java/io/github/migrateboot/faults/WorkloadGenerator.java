package io.github.migrateboot.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

import io.github.migrateboot.faults.Workload.Kind;
import io.github.migrateboot.faults.Workload.Migration;
import io.github.migrateboot.faults.Workload.Step;
import org.jspecify.annotations.Nullable;

/**
 * Makes up the migrations of a round.
 */
final class WorkloadGenerator {

	private static final int VERY_LATE = 4000;

	private static final List<Kind> DATA = List.of(Kind.MARK, Kind.LATE_MARK, Kind.COUNT, Kind.QUERY, Kind.NOTICES,
			Kind.ASK);

	private static final List<Kind> MIXED = List.of(Kind.MARK, Kind.LATE_MARK, Kind.COUNT, Kind.QUERY, Kind.NOTICES,
			Kind.ASK, Kind.TABLE, Kind.INDEX);

	private static final List<Kind> PLAIN = List.of(Kind.MARK, Kind.LATE_MARK, Kind.COUNT, Kind.TABLE, Kind.INDEX);

	private final Platform platform;

	private final Dialect dialect;

	private final RandomGenerator random;

	private final boolean besideOthers;

	private final boolean untransacted;

	/**
	 * Create a generator.
	 * @param platform where the migrations are to run
	 * @param random what decides
	 * @param besideOthers whether dbmate runs them too, so that all of them have to be in
	 * transactions and under the same role
	 */
	WorkloadGenerator(Platform platform, RandomGenerator random, boolean besideOthers) {
		this.platform = platform;
		this.dialect = platform.dialect();
		this.random = random;
		this.besideOthers = besideOthers;
		this.untransacted = platform.hasTablesWithoutTransactions() && random.nextInt(3) == 0;
	}

	Workload generate() {
		List<Migration> migrations = new ArrayList<>();
		int count = this.random.nextInt(3, 7);
		for (int number = 1; number <= count; number++) {
			migrations.add(migration(number));
		}
		return new Workload(List.copyOf(migrations), this.untransacted);
	}

	private Migration migration(int number) {
		Shape shape = shape();
		File file = new File(number, shape, role(shape));
		if (shape == Shape.OWN_TRANSACTION) {
			file.add(this.dialect.begin());
		}
		else if (shape == Shape.UNTRANSACTED) {
			// MySQL with GTIDs lets it only be the first of a transaction
			file.add(Kind.UNTRANSACTED);
		}
		int length = this.random.nextInt(1, 6);
		int late = this.random.nextInt(length);
		for (int i = 0; i < length; i++) {
			file.add((i == late) ? shape.late : pick(kinds(shape)));
		}
		if (shape == Shape.OWN_TRANSACTION) {
			file.add(Kind.ISOLATED);
			file.add(List.of("COMMIT"));
			file.endGroup();
			file.add(Kind.MARK);
		}
		return new Migration("%04d".formatted(number), shape.transaction, List.copyOf(file.steps));
	}

	private Shape shape() {
		if (this.besideOthers) {
			return pick(List.of(Shape.MIXED, Shape.DATA, Shape.PLAIN));
		}
		List<Shape> shapes = new ArrayList<>(
				List.of(Shape.MIXED, Shape.DATA, Shape.ONE_BY_ONE, Shape.OWN_TRANSACTION, Shape.PLAIN));
		if (this.dialect == Dialect.POSTGRES) {
			// Those that are sent together
			shapes.addAll(List.of(Shape.PLAIN, Shape.PLAIN, Shape.PLAIN));
			shapes.add(Shape.CONCURRENT);
		}
		if (this.untransacted) {
			shapes.add(Shape.UNTRANSACTED);
			shapes.add(Shape.UNTRANSACTED);
		}
		return pick(shapes);
	}

	private @Nullable String role(Shape shape) {
		if (this.platform == Platform.PGBOUNCER && !shape.transaction) {
			// Such a file is refused there
			return null;
		}
		List<String> roles = this.dialect.roles(shape.transaction);
		if (roles.isEmpty() || this.besideOthers || shape == Shape.CONCURRENT || shape == Shape.PLAIN
				|| this.random.nextInt(3) > 0) {
			return null;
		}
		return pick(roles);
	}

	private List<Kind> kinds(Shape shape) {
		if (shape == Shape.PLAIN) {
			return PLAIN;
		}
		boolean ddl = shape == Shape.MIXED
				|| !shape.transaction && (shape != Shape.OWN_TRANSACTION || this.platform.hasTransactionalDdl());
		return ddl ? MIXED : DATA;
	}

	private <T> T pick(List<T> choices) {
		return choices.get(this.random.nextInt(choices.size()));
	}

	private static String or(@Nullable String sql, String other) {
		return (sql != null) ? sql : other;
	}

	/**
	 * One migration while it is made up.
	 */
	private final class File {

		private final List<Step> steps = new ArrayList<>();

		private final int number;

		private final Shape shape;

		private final boolean role;

		/** The first of those that count as one, or 0. */
		private int group;

		File(int number, Shape shape, @Nullable String role) {
			this.number = number;
			this.shape = shape;
			this.role = role != null;
			if (role != null) {
				add(List.of(role));
			}
			if (shape == Shape.OWN_TRANSACTION || shape == Shape.UNTRANSACTED) {
				this.group = this.steps.size() + 1;
			}
			if (role != null && shape != Shape.OWN_TRANSACTION) {
				add(Kind.ROLE);
			}
		}

		void endGroup() {
			this.group = 0;
		}

		void add(List<String> preparations) {
			preparations
				.forEach((sql) -> this.steps.add(new Step(next(), null, Kind.PREPARATION, sql, 0, false, group())));
		}

		void add(Kind kind) {
			if (kind == Kind.ASK) {
				addPair();
				return;
			}
			int millis = WorkloadGenerator.this.random.nextInt(100, Workload.LONGEST);
			if (WorkloadGenerator.this.platform == Platform.POSTGRES && kind == Kind.LATE_MARK
					&& WorkloadGenerator.this.random.nextInt(20) == 0) {
				// Longer than the lock may stay after its holder has died
				millis = VERY_LATE;
			}
			String effect = "m" + this.number + "s" + next();
			boolean late = kind == Kind.LATE_MARK || kind == Kind.CONCURRENT_INDEX;
			this.steps.add(new Step(next(), effect, kind, sql(kind, effect, millis), late ? millis : 0, isUnknown(kind),
					group()));
		}

		/**
		 * Add a statement, and another that asks about it.
		 */
		private void addPair() {
			int first = next();
			int outer = this.group;
			if (outer == 0 && WorkloadGenerator.this.dialect.changedRows() != null && !this.shape.transaction) {
				this.group = first;
			}
			for (Kind kind : List.of(Kind.ROWS, Kind.ASK)) {
				String effect = "m" + this.number + "s" + next();
				this.steps.add(new Step(next(), effect, kind, sql(kind, effect, 0), 0, isUnknown(kind), group()));
			}
			this.group = outer;
		}

		private int next() {
			return this.steps.size() + 1;
		}

		private int group() {
			return (this.group > 0) ? this.group : next();
		}

		private boolean isUnknown(Kind kind) {
			return switch (this.shape) {
				case OWN_TRANSACTION -> this.group == 0;
				case UNTRANSACTED -> true;
				case CONCURRENT, ONE_BY_ONE -> kind != Kind.CONCURRENT_INDEX;
				case MIXED, DATA, PLAIN -> (kind == Kind.TABLE || kind == Kind.INDEX)
						&& !WorkloadGenerator.this.platform.hasTransactionalDdl();
			};
		}

		private String sql(Kind kind, String effect, int millis) {
			Dialect dialect = WorkloadGenerator.this.dialect;
			String mark = "INSERT INTO marks VALUES ('" + effect + "')";
			return switch (kind) {
				case MARK -> mark;
				case LATE_MARK -> dialect.lateMark(effect, millis);
				case COUNT -> "UPDATE counters SET n = n + 1 WHERE effect = '" + effect + "'";
				case QUERY -> WorkloadGenerator.this.untransacted ? rows(effect) : dialect.query(effect);
				case NOTICES -> or(dialect.notices(effect), mark);
				case ROWS -> rows(effect);
				case ASK -> (dialect.changedRows() != null) ? "INSERT INTO marks SELECT '" + effect
						+ "' FROM ten WHERE i = 1 AND " + dialect.changedRows() + " = 10" : mark;
				case ISOLATED -> or(dialect.isolated(effect), mark);
				case ROLE -> "INSERT INTO marks SELECT '" + effect + "' WHERE current_user = 'campaign'";
				case UNTRANSACTED -> "INSERT INTO untransacted VALUES ('" + effect + "')";
				case TABLE -> table(effect);
				// Only its owner may give a table an index
				case INDEX -> or(this.role ? null : dialect.index(effect), table(effect));
				case CONCURRENT_INDEX -> Objects.requireNonNull(dialect.concurrentIndex(effect, millis));
				case PREPARATION -> throw new IllegalArgumentException("It has no effect");
			};
		}

		private String table(String effect) {
			return "CREATE TABLE t_" + effect + " (a integer)";
		}

		private String rows(String effect) {
			return "INSERT INTO rows10 SELECT '" + effect + "', i FROM ten";
		}

	}

	private enum Shape {

		MIXED(true, Kind.LATE_MARK), DATA(true, Kind.LATE_MARK), PLAIN(true, Kind.LATE_MARK),
		ONE_BY_ONE(false, Kind.LATE_MARK), CONCURRENT(false, Kind.CONCURRENT_INDEX),
		OWN_TRANSACTION(false, Kind.LATE_MARK), UNTRANSACTED(true, Kind.LATE_MARK);

		private final boolean transaction;

		private final Kind late;

		Shape(boolean transaction, Kind late) {
			this.transaction = transaction;
			this.late = late;
		}

	}

}
