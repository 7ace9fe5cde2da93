package io.github.migrateboot.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.benchmarks.Server.Durability;

/**
 * How long it takes from when the application is ready until the first of its pending
 * migrations is executed. The server runs on the same machine and has the same clock.
 *
 * @param id the row's name
 * @param lines the lines of the table
 * @param work the migrations, the first of which says when it was executed
 */
record FirstRow(String id, List<Line> lines, Work work) implements Row {

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		Migrations migrations = this.work.migrations(lab);
		List<Path> path = new ArrayList<>(lab.classPath(JvmTool.MIGRATE));
		path.add(migrations.jar());
		FreshJvm jvm = new FreshJvm(List.of(), path);
		for (int round = 0; round < lab.rounds(); round++) {
			try (Database database = lab.servers().create(Server.POSTGRES, Durability.DURABLE)) {
				double ready = jvm.run(StartOnce.class, StartOnce.arguments(database)).figure(StartOnce.READY);
				results.add(Tool.MIGRATE, "", executed(database) - ready);
			}
		}
	}

	private static double executed(Database database) throws SQLException {
		try (Connection connection = database.connect();
				Statement statement = connection.createStatement();
				ResultSet row = statement
					.executeQuery("select 1000 * extract(epoch from executed_at) from " + Migrations.FIRST)) {
			if (!row.next()) {
				throw new IllegalStateException("The first migration left no time");
			}
			return row.getDouble(1);
		}
	}

}
