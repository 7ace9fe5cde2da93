package io.github.migrateboot.benchmarks;

import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.benchmarks.ApplyRow.Effort;
import io.github.migrateboot.benchmarks.Row.Line;
import io.github.migrateboot.benchmarks.Row.Target;
import io.github.migrateboot.benchmarks.Server.Durability;
import io.github.migrateboot.benchmarks.Work.Kind;

/**
 * What is measured.
 */
final class Rows {

	private static final List<Tool> ALL = List.of(Tool.values());

	private static final List<Tool> WITHOUT_SLOW = List.of(Tool.MIGRATE, Tool.DBMATE, Tool.CLIENT);

	/** Liquibase needs more than two minutes for a file of 50 MB. */
	private static final List<Tool> WITHOUT_LIQUIBASE = List.of(Tool.MIGRATE, Tool.FLYWAY, Tool.DBMATE, Tool.CLIENT);

	private static final List<Tool> IN_JVM = List.of(Tool.MIGRATE, Tool.FLYWAY, Tool.LIQUIBASE);

	private static final List<Tool> ALONE = List.of(Tool.MIGRATE);

	private static final String IDLE = "nothing to do, 1,000 migrations in a ";

	private Rows() {
	}

	static List<Row> all() {
		List<Row> rows = new ArrayList<>(nothingToDo());
		rows.addAll(postgres());
		rows.addAll(List.of(compared("mysql", Server.MYSQL, 1.5), compared("mariadb", Server.MARIADB, 1.5), sqlite()));
		rows.addAll(large());
		rows.addAll(waiting());
		return rows;
	}

	private static List<Row> nothingToDo() {
		return List.of(
				new RoundTripRow("idle-round-trips",
						List.of(Line.of("nothing to do, 50 migrations: round trips", Target.of("", 1))), 50, true),
				cpu("idle-cpu-folder", IDLE + "folder", Form.FOLDER), cpu("idle-cpu-jar", IDLE + "jar", Form.JAR),
				start("idle-start-folder", IDLE + "folder: extra start time", 100, Form.FOLDER, Launch.PLAIN, ALONE),
				start("idle-start-jar", IDLE + "jar: extra start time", 100, Form.JAR, Launch.PLAIN, IN_JVM),
				start("idle-start-archive", "the same with an AppCDS archive", 50, Form.JAR, Launch.CLASS_DATA_SHARING,
						ALONE),
				start("idle-start-aot", "the same with Spring AOT", 50, Form.JAR, Launch.SPRING_AOT, ALONE));
	}

	private static Row cpu(String id, String title, Form form) {
		return new CpuRow(id, List.of(
				new Line(title + ": main thread's processor time for the starter's beans", Target.of("ms", 30),
						CpuOnce.BEANS),
				new Line(title + ": main thread's processor time for the run", Target.of("ms", 35), CpuOnce.RUN)), 1000,
				form);
	}

	private static Row start(String id, String title, int limit, Form form, Launch launch, List<Tool> tools) {
		return new StartRow(id, List.of(Line.of(title, Target.of("ms", limit))), 1000, form, launch, tools);
	}

	private static List<Row> postgres() {
		Target times = Target.times(1.2, Server.POSTGRES);
		return List.of(
				new RoundTripRow("apply-round-trips",
						List.of(Line.of("applying 50 migrations: round trips",
								new Target("", 1.2 * 50 + 8, false, "≤ 1.2 a migration + 8"))),
						50, false),
				new FirstRow("first",
						List.of(Line.of("1,000 migrations pending: first one executed after the application is ready",
								Target.of("ms", 200))),
						Work.of(Kind.CLOCKED, 1000)),
				new ApplyRow("postgres", slopes(Server.POSTGRES, times, 1.15, Target.none("ms", false)),
						Server.POSTGRES, ALL,
						List.of(Work.small(10), Work.small(100), Work.small(200), Work.small(1000)), Effort.NORMAL),
				applied("mixed", "applying 1,000 migrations that also query, raise a notice and set something", 1.6,
						WITHOUT_SLOW, Work.of(Kind.MIXED, 1000), Effort.NORMAL),
				applied("delay", "applying 100 migrations at 20 ms network delay", 1.5, ALL,
						Work.small(100).withDelay(20), Effort.LONG));
	}

	private static Row compared(String id, Server server, double limit) {
		return new ApplyRow(id, slopes(server, Target.none("ms", true), limit, Target.none("ms", false)), server,
				WITHOUT_SLOW, List.of(Work.small(200), Work.small(1000)), Effort.NORMAL);
	}

	private static Row sqlite() {
		return new ApplyRow("sqlite", slopes(Server.SQLITE, Target.none("ms", true), 1.4, Target.of("ms", 400)),
				Server.SQLITE, WITHOUT_SLOW, List.of(Work.small(200), Work.small(1000)), Effort.NORMAL);
	}

	private static List<Line> slopes(Server server, Target thousand, double slope, Target start) {
		List<Line> lines = new ArrayList<>();
		for (Durability durability : server.durabilities()) {
			boolean decides = durability == Durability.DURABLE;
			String product = server.product() + ": ";
			lines.add(line(product + "applying 1,000 migrations", durability, thousand, "1000"));
			lines.add(line(product + "each migration more, from 200 to 1,000", durability, Target.times(slope, server),
					ApplyRow.SLOPE));
			if (decides) {
				lines.add(line(product + "what 200 take, less 200 times that", durability, start, ApplyRow.START));
			}
		}
		return lines;
	}

	private static List<Row> large() {
		Work many = Work.small(10_000);
		Work file = Work.of(Kind.LARGE, 100_000);
		return List.of(
				new StartRow("idle-start-10000",
						List.of(Line.of("nothing to do, 10,000 migrations in a jar: extra start time",
								Target.of("ms", 500))),
						10_000, Form.JAR, Launch.PLAIN, ALONE),
				heap("idle-heap-10000", "nothing to do, 10,000 migrations: extra heap", 64, many, true),
				applied("apply-10000", "applying 10,000 migrations", 1.3, List.of(Tool.MIGRATE, Tool.CLIENT), many,
						Effort.LONG),
				heap("apply-heap-10000", "applying 10,000 migrations: extra heap", 64, many, false),
				applied("large-file", "one file of 50 MB with 100,000 statements", 1.3, WITHOUT_LIQUIBASE, file,
						Effort.LONG),
				heap("large-file-heap", "the same: extra heap", 250, file, false),
				heap("flood-heap", "one file with 3 million rows of a result and 400,000 notices: extra heap", 32,
						Work.of(Kind.FLOOD, 400_000), false));
	}

	private static Row applied(String id, String title, double limit, List<Tool> tools, Work work, Effort effort) {
		Target target = Target.times(limit, Server.POSTGRES);
		List<Line> lines = Server.POSTGRES.durabilities()
			.stream()
			.map((durability) -> line(title, durability, target, work.series()))
			.toList();
		return new ApplyRow(id, lines, Server.POSTGRES, tools, List.of(work), effort);
	}

	/**
	 * Return a line whose target holds if commits wait for the disk.
	 */
	private static Line line(String title, Durability durability, Target target, String series) {
		Target holds = (durability == Durability.DURABLE) ? target : Target.none(target.unit(), target.relative());
		return new Line(durability.title(title), holds, durability.series(series));
	}

	private static Row heap(String id, String title, int limit, Work work, boolean applied) {
		return new HeapRow(id, List.of(Line.of(title, Target.of("MB", limit))), work, applied);
	}

	private static List<Row> waiting() {
		return List.of(
				new WaitRow("wait-50",
						List.of(new Line("50 instances wait for one: last done after the commit", Target.of("ms", 200),
								WaitRow.LAST_DONE),
								new Line("50 instances wait for one: round trips a second", Target.of("", 100),
										WaitRow.QUERIES)),
						50),
				new WaitRow("wait-5", List.of(), 5), new WaitRow("wait-20", List.of(), 20));
	}

	static List<Point> pointsOfApply() {
		return List.of(10, 100, 200, 1000)
			.stream()
			.map((count) -> new Point(count, "postgres", Work.small(count).series()))
			.toList();
	}

	static List<Point> pointsOfWait() {
		return List.of(5, 20, 50)
			.stream()
			.map((instances) -> new Point(instances, "wait-" + instances, WaitRow.LAST_DONE))
			.toList();
	}

	/**
	 * A point of a plot.
	 *
	 * @param at where it is
	 * @param row the row that has its figures
	 * @param series their name
	 */
	record Point(int at, String row, String series) {

	}

}
