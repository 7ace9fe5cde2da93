package io.github.migrateboot.faults;

import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import org.jspecify.annotations.Nullable;

/**
 * The migrations of a round. Each statement, but for those that only prepare others, has
 * an effect of its own that can be counted.
 *
 * @param migrations the migrations, in order
 * @param untransacted whether one of the tables has no transactions; there are no
 * functions then, through which any statement might write to it
 */
record Workload(List<Migration> migrations, boolean untransacted) {

	static final int LONGEST = 500;

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
		List<String> statements = new ArrayList<>();
		statements.add("CREATE TABLE marks (effect varchar(40))");
		statements.add("CREATE TABLE counters (effect varchar(40) PRIMARY KEY, n integer)");
		statements.add("CREATE TABLE rows10 (effect varchar(40), i integer)");
		statements.add("CREATE TABLE ten (i integer)");
		statements.add("INSERT INTO ten VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)");
		statements
			.add("CREATE TABLE untransacted (effect varchar(40))" + (this.untransacted ? " ENGINE = MyISAM" : ""));
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
		statements.addAll(dialect.setup());
		if (!this.untransacted) {
			statements.addAll(dialect.functions());
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
	 * @param effect what it leaves, once, or {@code null} if it only prepares others
	 * @param kind what it does
	 * @param sql its text
	 * @param millis how long it takes, more or less
	 * @param unknown whether nobody can know what has become of it when it is cut off
	 * @param group the number of the first statement of those that count as one with it
	 */
	record Step(int number, @Nullable String effect, Kind kind, String sql, int millis, boolean unknown, int group) {

		/**
		 * Return the statements that remove what it has left.
		 */
		List<String> undo() {
			String where = " WHERE effect = '" + this.effect + "'";
			return List.of("DELETE FROM marks" + where, "DELETE FROM rows10" + where,
					"DELETE FROM untransacted" + where, "UPDATE counters SET n = 0" + where);
		}

	}

	enum Kind {

		/** A row. */
		MARK,

		/** A row after some time. */
		LATE_MARK,

		/** A counter. */
		COUNT,

		/** A query with ten rows, each of which leaves something. */
		QUERY,

		/** A row, with many notices. */
		NOTICES,

		/** Ten rows. */
		ROWS,

		/** A row, if the statement before changed ten rows. */
		ASK,

		/** A row, if the transaction is isolated as the file says. */
		ISOLATED,

		/** A row, if the role is the one that the file has taken. */
		ROLE,

		/** A row in a table without transactions. */
		UNTRANSACTED,

		/** A table. */
		TABLE,

		/** An index without a name. */
		INDEX,

		/** An index that is built beside other work. */
		CONCURRENT_INDEX,

		/** Nothing that stays: a setting, the beginning or the end of a transaction. */
		PREPARATION

	}

}
