package io.github.migrateboot.benchmarks;

import java.util.List;

import io.github.migrateboot.benchmarks.FreshJvm.FailedException;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;

/**
 * How much more heap an application needs at least: the smallest {@code -Xmx} with which
 * it runs, less the same without migrations.
 *
 * @param id the row's name
 * @param title the row's title
 * @param target the target
 * @param work the migrations
 * @param applied whether they have been applied before
 */
record HeapRow(String id, String title, Target target, ApplyRow.Work work, boolean applied) implements Row {

	private static final int STEP = 4;

	private static final int MOST = 1024;

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		Migrations migrations = this.work.migrations(lab);
		try (TestDatabase before = lab.database(TestServer.POSTGRES_EMBEDDED)) {
			if (this.applied) {
				lab.apply(Tool.MIGRATE, before, migrations);
			}
			int without = smallest(0, 2 * STEP, (heap) -> runs(lab, JvmTool.NONE, before, migrations, heap));
			results.add(Tool.NOTHING, without);
			int with = smallest(without - STEP, (int) this.target.limit(),
					(heap) -> this.applied ? runs(lab, JvmTool.MIGRATE, before, migrations, heap)
							: runsOnEmptyDatabase(lab, migrations, heap));
			results.add(Tool.MIGRATE, with - without);
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
		try (TestDatabase database = lab.database(TestServer.POSTGRES_EMBEDDED)) {
			return runs(lab, JvmTool.MIGRATE, database, migrations, megabytes);
		}
	}

	private static boolean runs(Lab lab, JvmTool tool, TestDatabase database, Migrations migrations, int megabytes)
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
