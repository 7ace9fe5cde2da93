package io.github.migrateboot.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.migrateboot.benchmarks.Server.Durability;

/**
 * How much longer an application takes to start when its migrations have all been
 * applied.
 *
 * @param id the row's name
 * @param lines the lines of the table
 * @param count the number of migrations
 * @param form where they are
 * @param launch how the application is started
 * @param tools what is compared
 */
record StartRow(String id, List<Line> lines, int count, Form form, Launch launch, List<Tool> tools) implements Row {

	/** How often the slow ones run at most. */
	private static final int MOST_OF_SLOW = 5;

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		Migrations migrations = Work.small(this.count).migrations(lab);
		Map<JvmTool, Application> applications = new EnumMap<>(JvmTool.class);
		try {
			applications.put(JvmTool.NONE, open(lab, JvmTool.NONE, migrations));
			for (Tool tool : this.tools) {
				applications.put(tool.inJvm(), open(lab, tool.inJvm(), migrations));
			}
			for (int round = 0; round < pairs(lab.rounds()); round++) {
				compare(round, applications, results);
			}
		}
		finally {
			applications.values().forEach(Application::close);
		}
	}

	/**
	 * Return how many pairs are started. A difference of two figures needs more of them.
	 */
	static int pairs(int rounds) {
		return (rounds * 5 + 2) / 3;
	}

	/**
	 * Each has its own history, so each has its own database.
	 */
	private Application open(Lab lab, JvmTool tool, Migrations migrations) throws Exception {
		Database database = lab.servers().create(Server.POSTGRES, Durability.DURABLE);
		if (tool != JvmTool.NONE) {
			lab.apply(tool, database, migrations, List.of());
		}
		// Class data is shared as far as the class path is that of the archive.
		List<Path> path = new ArrayList<>(lab.classPath(tool));
		path.add(this.form.of(migrations));
		FreshJvm jvm = this.launch.prepare(new FreshJvm(List.of(), path), StartOnce.arguments(database),
				lab.newFolder());
		return new Application(database, jvm);
	}

	private void compare(int round, Map<JvmTool, Application> applications, Results results) throws Exception {
		List<JvmTool> pair = (round % 2 == 0) ? List.of(JvmTool.NONE, JvmTool.MIGRATE)
				: List.of(JvmTool.MIGRATE, JvmTool.NONE);
		Map<JvmTool, Double> times = new EnumMap<>(JvmTool.class);
		for (JvmTool tool : pair) {
			times.put(tool, start(applications, tool));
		}
		for (Tool tool : this.tools) {
			if (tool.isSlow() && round < MOST_OF_SLOW) {
				times.put(tool.inJvm(), start(applications, tool.inJvm()));
			}
			if (times.containsKey(tool.inJvm())) {
				results.add(tool, "", time(times, tool.inJvm()) - time(times, JvmTool.NONE));
			}
		}
	}

	private static double start(Map<JvmTool, Application> applications, JvmTool tool) throws Exception {
		return Objects.requireNonNull(applications.get(tool)).start();
	}

	private static double time(Map<JvmTool, Double> times, JvmTool tool) {
		return Objects.requireNonNull(times.get(tool));
	}

	/**
	 * An application that can be started.
	 *
	 * @param database its database
	 * @param jvm where it runs
	 */
	private record Application(Database database, FreshJvm jvm) implements AutoCloseable {

		/**
		 * Start it.
		 * @return the milliseconds from the start of its JVM until it is ready
		 */
		double start() throws Exception {
			return this.jvm.run(StartOnce.class, StartOnce.arguments(this.database)).figure(StartOnce.TIME);
		}

		@Override
		public void close() {
			this.database.close();
		}

	}

}
