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
		int without = smallest(lab, JvmTool.NONE, migrations);
		results.add(Tool.NOTHING, without);
		for (Tool tool : List.of(Tool.MIGRATE, Tool.FLYWAY, Tool.LIQUIBASE)) {
			results.add(tool, smallest(lab, tool.inJvm(), migrations) - without);
		}
	}

	private int smallest(Lab lab, JvmTool tool, Migrations migrations) throws Exception {
		int tooSmall = 0;
		int enough = STEP;
		while (enough < MOST && !runs(lab, tool, migrations, enough)) {
			tooSmall = enough;
			enough *= 2;
		}
		// An eighth is near enough.
		while (enough - tooSmall > Math.max(STEP, enough / 8)) {
			int middle = (tooSmall + enough) / 2;
			if (runs(lab, tool, migrations, middle)) {
				enough = middle;
			}
			else {
				tooSmall = middle;
			}
		}
		return enough;
	}

	private boolean runs(Lab lab, JvmTool tool, Migrations migrations, int megabytes) throws Exception {
		List<String> options = List.of("-Xmx" + megabytes + "m", "-XX:+UseParallelGC", "-XX:+ExitOnOutOfMemoryError");
		try (TestDatabase database = lab.database(TestServer.POSTGRES_EMBEDDED)) {
			if (this.applied) {
				lab.apply(tool, database, migrations, List.of());
			}
			lab.apply(tool, database, migrations, options);
			return true;
		}
		catch (FailedException ex) {
			return false;
		}
	}

}
