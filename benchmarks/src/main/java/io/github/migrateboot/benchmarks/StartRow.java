package io.github.migrateboot.benchmarks;

import java.util.List;

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
 */
record StartRow(String id, String title, Target target, int count) implements Row {

	/** A difference of two figures needs more of them. */
	private static final int REPETITIONS = 3;

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		Migrations migrations = lab.small(lab.scaled(this.count));
		List<Tool> tools = List.of(Tool.MIGRATE, Tool.FLYWAY, Tool.LIQUIBASE);
		// Each has its own history, so each has its own database.
		try (TestDatabase migrate = applied(lab, Tool.MIGRATE, migrations);
				TestDatabase flyway = applied(lab, Tool.FLYWAY, migrations);
				TestDatabase liquibase = applied(lab, Tool.LIQUIBASE, migrations)) {
			List<TestDatabase> databases = List.of(migrate, flyway, liquibase);
			for (int round = 0; round < REPETITIONS * lab.rounds(); round++) {
				double without = lab.start(JvmTool.NONE, migrate, migrations, List.of());
				for (Tool tool : tools) {
					double with = lab.start(tool.inJvm(), databases.get(tools.indexOf(tool)), migrations, List.of());
					results.add(tool, with - without);
				}
			}
		}
	}

	private static TestDatabase applied(Lab lab, Tool tool, Migrations migrations) throws Exception {
		TestDatabase database = lab.database(TestServer.POSTGRES_EMBEDDED);
		lab.apply(tool, database, migrations);
		return database;
	}

}
