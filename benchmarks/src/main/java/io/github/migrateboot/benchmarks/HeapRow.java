package io.github.migrateboot.benchmarks;

import java.util.List;

import io.github.migrateboot.benchmarks.FreshJvm.FailedException;
import io.github.migrateboot.benchmarks.Server.Durability;

/**
 * How much more heap an application needs at least: the smallest {@code -Xmx} with which
 * it runs, less the same without migrations.
 *
 * @param id the row's name
 * @param lines the line of the table
 * @param work the migrations
 * @param applied whether they have been applied before
 */
record HeapRow(String id, List<Line> lines, Work work, boolean applied) implements Row {

	private static final int STEP = 4;

	private static final int MOST = 1024;

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		Migrations migrations = this.work.migrations(lab);
		try (Database before = lab.servers().create(Server.POSTGRES, Durability.DURABLE)) {
			if (this.applied) {
				lab.apply(Tool.MIGRATE, before, migrations);
			}
			int without = smallest(0, 2 * STEP, (heap) -> runs(lab, JvmTool.NONE, before, migrations, heap));
			System.out.printf("    without        %d%n", without);
			int with = smallest(without - STEP, (int) this.lines.get(0).target().limit(),
					(heap) -> this.applied ? runs(lab, JvmTool.MIGRATE, before, migrations, heap)
							: runsOnEmptyDatabase(lab, migrations, heap));
			results.add(Tool.MIGRATE, "", with - without);
		}
	}

	/**
	 * Return the smallest heap with which something runs, in megabytes.
	 * @param tooSmall what is too small
	 * @param step what is added until it runs
	 */
	private static int smallest(int tooSmall, int step, Attempt attempt) throws Exception {
		int small = tooSmall;
		int enough = tooSmall + step;
		while (enough < MOST && !attempt.runs(enough)) {
			small = enough;
			enough += step;
		}
		while (enough - small > STEP) {
			int middle = (small + enough) / 2;
			if (attempt.runs(middle)) {
				enough = middle;
			}
			else {
				small = middle;
			}
		}
		return enough;
	}

	private static boolean runsOnEmptyDatabase(Lab lab, Migrations migrations, int megabytes) throws Exception {
		try (Database database = lab.servers().create(Server.POSTGRES, Durability.DURABLE)) {
			return runs(lab, JvmTool.MIGRATE, database, migrations, megabytes);
		}
	}

	private static boolean runs(Lab lab, JvmTool tool, Database database, Migrations migrations, int megabytes)
			throws Exception {
		List<String> options = List.of("-Xmx" + megabytes + "m", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError");
		try {
			lab.apply(tool, database, migrations, options);
			return true;
		}
		catch (FailedException ex) {
			return false;
		}
	}

	/**
	 * Runs something with a heap.
	 */
	@FunctionalInterface
	private interface Attempt {

		boolean runs(int megabytes) throws Exception;

	}

}
