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
		List<JvmTool> turn = new ArrayList<>(applications.keySet());
		turn.removeIf((tool) -> tool == JvmTool.NONE || (tool != JvmTool.MIGRATE && round >= MOST_OF_SLOW));
		// Right before the starter and right after it, by turns.
		turn.add(round % 2, JvmTool.NONE);
		Map<JvmTool, Double> times = new EnumMap<>(JvmTool.class);
		for (JvmTool tool : turn) {
			times.put(tool, Objects.requireNonNull(applications.get(tool)).start());
		}
		double without = Objects.requireNonNull(times.remove(JvmTool.NONE));
		times.forEach((tool, time) -> results.add(Tool.valueOf(tool.name()), "", time - without));
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
