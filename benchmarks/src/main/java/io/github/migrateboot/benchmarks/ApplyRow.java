package io.github.migrateboot.benchmarks;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;

import io.github.migrateboot.benchmarks.FreshJvm.FailedException;
import io.github.migrateboot.testing.CountingProxy;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;

/**
 * How long it takes to apply migrations to an empty database.
 *
 * @param id the row's name
 * @param title the row's title
 * @param target the target
 * @param server the server
 * @param tools what is compared
 * @param work the migrations
 * @param most how often a tool runs at most
 */
record ApplyRow(String id, String title, Target target, TestServer server, List<Tool> tools, Work work,
		int most) implements Row {

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		Migrations migrations = this.work.migrations(lab);
		Set<Tool> failed = EnumSet.noneOf(Tool.class);
		for (int round = 0; round < lab.rounds(); round++) {
			for (Tool tool : this.tools) {
				if (tool.isAvailable(this.server) && round < lab.rounds(tool, this.most) && !failed.contains(tool)
						&& !measure(lab, tool, migrations, results)) {
					failed.add(tool);
				}
			}
		}
	}

	private boolean measure(Lab lab, Tool tool, Migrations migrations, Results results) throws Exception {
		try {
			results.add(tool, apply(lab, tool, migrations));
			return true;
		}
		catch (FailedException ex) {
			if (!tool.isSlow()) {
				throw ex;
			}
			// Which says something too, and the others can be measured all the same.
			System.out.printf("    %-14s failed: %s%n", tool.key(), ex.getMessage());
			return false;
		}
	}

	private double apply(Lab lab, Tool tool, Migrations migrations) throws Exception {
		try (TestDatabase database = lab.database(this.server)) {
			if (this.work.delayMillis() == 0) {
				return lab.apply(tool, database, migrations);
			}
			try (CountingProxy proxy = CountingProxy.to(database.url(), this.work.delayMillis());
					TestDatabase distant = database.at(proxy.url(database.url()))) {
				return lab.apply(tool, distant, migrations);
			}
		}
	}

	/**
	 * Migrations.
	 *
	 * @param name their name
	 * @param count how many there are
	 * @param size how many statements a large one has, else 0
	 * @param delayMillis the delay of a round trip on the network
	 */
	record Work(String name, int count, int size, int delayMillis) {

		static Work small(int count) {
			return new Work("small", count, 0, 0);
		}

		Work withDelay(int millis) {
			return new Work(this.name, this.count, this.size, millis);
		}

		static Work large(int statements) {
			return new Work("large", 1, statements, 0);
		}

		Migrations migrations(Lab lab) throws Exception {
			if (this.size > 0) {
				int statements = lab.scaled(this.size);
				IntFunction<List<String>> large = (number) -> Migrations.large(statements);
				return lab.migrations(this.name + "-" + statements, 1, large);
			}
			return lab.small(lab.scaled(this.count));
		}

	}

}
