package io.github.migrateboot.benchmarks;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;

/**
 * How much longer an application takes to start when its migrations, in a jar, have all
 * been applied.
 *
 * @param id the row's name
 * @param title the row's title
 * @param target the target
 * @param count the number of migrations
 * @param tools what is compared
 */
record StartRow(String id, String title, Target target, int count, List<Tool> tools) implements Row {

	/** A difference of two figures needs more of them. */
	private static final int REPETITIONS = 3;

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		Migrations migrations = lab.small(lab.scaled(this.count));
		// Each has its own history, so each has its own database.
		Map<Tool, TestDatabase> databases = new EnumMap<>(Tool.class);
		try {
			for (Tool tool : this.tools) {
				databases.put(tool, applied(lab, tool, migrations));
			}
			for (int round = 0; round < REPETITIONS * lab.rounds(); round++) {
				double without = lab.start(JvmTool.NONE, databases.values().iterator().next(), migrations, List.of());
				for (Map.Entry<Tool, TestDatabase> entry : databases.entrySet()) {
					if (round < REPETITIONS * lab.rounds(entry.getKey(), Integer.MAX_VALUE)) {
						results.add(entry.getKey(),
								lab.start(entry.getKey().inJvm(), entry.getValue(), migrations, List.of()) - without);
					}
				}
			}
		}
		finally {
			databases.values().forEach(TestDatabase::close);
		}
	}

	private static TestDatabase applied(Lab lab, Tool tool, Migrations migrations) throws Exception {
		TestDatabase database = lab.database(TestServer.POSTGRES_EMBEDDED);
		lab.apply(tool, database, migrations);
		return database;
	}

}
