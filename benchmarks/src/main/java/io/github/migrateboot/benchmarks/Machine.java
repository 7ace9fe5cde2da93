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
import io.github.migrateboot.benchmarks.Server.Durability;
import liquibase.util.LiquibaseUtil;
import org.flywaydb.core.internal.license.VersionPrinter;

import org.springframework.boot.SpringBootVersion;

/**
 * What was measured, and on what.
 *
 * @param servers the servers
 * @param rounds how often the starter and the client program ran in a row
 */
record Machine(Servers servers, int rounds) {

	String describe() throws IOException {
		List<String> parts = new ArrayList<>();
		parts.add("Measured on " + LocalDate.now());
		parts.add(Runtime.getRuntime().availableProcessors() + " × " + processor());
		parts.add(System.getProperty("os.name") + " " + System.getProperty("os.version"));
		parts.add("Java " + System.getProperty("java.version"));
		parts.add("Spring Boot " + SpringBootVersion.getVersion());
		parts.add("Flyway " + VersionPrinter.getVersion());
		parts.add("Liquibase " + LiquibaseUtil.getBuildVersion());
		for (Server server : Server.values()) {
			if (this.servers.isAvailable(server)) {
				parts.add(version(server));
			}
		}
		for (String program : List.of("dbmate", "psql", "mysql", "mariadb", "sqlite3")) {
			if (Client.isOnPath(program)) {
				parts.add(version(program));
			}
		}
		return String.join(", ", parts)
				+ """
						. Each figure is the median of %d runs, or fewer where one takes long or no target depends on it, with the
						quartiles in parentheses. A run of the starter stands next to one of the client program; "×" is the median
						of their ratios, pair by pair. Start times are differences between an application with the tool and the
						same without it, started next to each other, in %d pairs."""
					.formatted(this.rounds, StartRow.pairs(this.rounds));
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

	private String version(Server server) {
		try (Database database = this.servers.create(server, Durability.DURABLE);
				Connection connection = database.connect()) {
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
