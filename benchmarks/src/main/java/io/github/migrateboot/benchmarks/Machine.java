package io.github.migrateboot.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.migrateboot.benchmarks.FreshJvm.FailedException;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import liquibase.util.LiquibaseUtil;
import org.flywaydb.core.internal.license.VersionPrinter;

import org.springframework.boot.SpringBootVersion;

/**
 * What was measured, and on what.
 *
 * @param rounds how often each tool ran in a row
 */
record Machine(int rounds) {

	String describe() throws IOException {
		List<String> parts = new ArrayList<>();
		parts.add("Measured on " + LocalDate.now());
		parts.add(Runtime.getRuntime().availableProcessors() + " × " + processor());
		parts.add(System.getProperty("os.name") + " " + System.getProperty("os.version"));
		parts.add("Java " + System.getProperty("java.version"));
		parts.add("Spring Boot " + SpringBootVersion.getVersion());
		parts.add("Flyway " + VersionPrinter.getVersion());
		parts.add("Liquibase " + LiquibaseUtil.getBuildVersion());
		for (TestServer server : List.of(TestServer.POSTGRES_EMBEDDED, TestServer.MYSQL, TestServer.MARIADB)) {
			if (server.available()) {
				parts.add(version(server));
			}
		}
		for (String program : List.of("dbmate", "psql", "mysql", "mariadb", "sqlite3")) {
			if (Client.isOnPath(program)) {
				parts.add(version(program));
			}
		}
		return String.join(", ", parts) + ". Each figure is the median of " + this.rounds
				+ " runs, or fewer where one takes long (Flyway and Liquibase run " + Lab.SLOW_ROUNDS
				+ " times at most), in which the tools took turns, with the least and the greatest in parentheses.";
	}

	private static String processor() throws IOException {
		Path file = Path.of("/proc/cpuinfo");
		if (!Files.exists(file)) {
			return System.getProperty("os.arch");
		}
		return Files.readAllLines(file)
			.stream()
			.filter((line) -> line.startsWith("model name"))
			.map((line) -> line.substring(line.indexOf(':') + 1).strip())
			.findFirst()
			.orElse(System.getProperty("os.arch"));
	}

	private static String version(TestServer server) {
		try (TestDatabase database = server.create(); Connection connection = database.connect()) {
			return connection.getMetaData().getDatabaseProductName() + " "
					+ connection.getMetaData().getDatabaseProductVersion().split(" ")[0];
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String version(String program) {
		try {
			String output = FreshJvm.output(List.of(program, "--version")).lines().findFirst().orElse("").strip();
			return output.toLowerCase(Locale.ROOT).startsWith(program) ? output : program + " " + output;
		}
		catch (IOException | InterruptedException | FailedException ex) {
			return program;
		}
	}

}
