package io.github.migrateboot.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.benchmarks.FreshJvm.Reported;
import io.github.migrateboot.benchmarks.Server.Durability;

/**
 * How much processor time of the main thread a start costs when the migrations have all
 * been applied. Scatters much less than the time that passes. The JVM compiles only with
 * its first compiler, as the plugins of Spring Boot start applications.
 *
 * @param id the row's name
 * @param lines the lines of the table
 * @param count the number of migrations
 * @param form where they are
 */
record CpuRow(String id, List<Line> lines, int count, Form form) implements Row {

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		Migrations migrations = Work.small(this.count).migrations(lab);
		try (Database database = lab.servers().create(Server.POSTGRES, Durability.DURABLE)) {
			lab.apply(Tool.MIGRATE, database, migrations);
			List<Path> path = new ArrayList<>(lab.classPath(JvmTool.MIGRATE));
			path.add(this.form.of(migrations));
			FreshJvm jvm = new FreshJvm(List.of("-XX:TieredStopAtLevel=1"), path);
			for (int round = 0; round < lab.rounds(); round++) {
				Reported reported = jvm.run(CpuOnce.class, StartOnce.arguments(database));
				for (String part : List.of(CpuOnce.BEANS, CpuOnce.RUN)) {
					results.add(Tool.MIGRATE, part, reported.figure(part));
				}
			}
		}
	}

}
