package io.github.migrateboot.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.benchmarks.FreshJvm.FailedException;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;

/**
 * The client programs of the databases, which run the same statements and keep no
 * history: what a migration tool can hardly be faster than.
 */
final class Client {

	private static final Pattern ADDRESS = Pattern.compile("jdbc:\\w+://([^:/]+):(\\d+)/(\\w+)");

	private Client() {
	}

	static String program(TestServer server) {
		return switch (server) {
			case POSTGRES, POSTGRES_EMBEDDED -> "psql";
			case MYSQL -> "mysql";
			case MARIADB -> "mariadb";
			case SQLITE -> "sqlite3";
			case H2 -> "(none)";
		};
	}

	static boolean isOnPath(String program) {
		return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((folder) -> Files.isExecutable(Path.of(folder, program)));
	}

	/**
	 * Run a script.
	 * @return the time of the whole process in milliseconds
	 */
	static double run(TestDatabase database, Path script) throws IOException, InterruptedException, FailedException {
		List<String> command = switch (database.server()) {
			case POSTGRES, POSTGRES_EMBEDDED -> {
				Matcher address = address(database);
				yield List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", script.toString(),
						"postgresql://" + database.user() + ":" + database.password() + "@127.0.0.1:" + address.group(2)
								+ "/" + address.group(3));
			}
			case MYSQL, MARIADB -> {
				Matcher address = address(database);
				yield List.of(program(database.server()), "--protocol=tcp", "-h", "127.0.0.1", "-P", address.group(2),
						"-u", database.user(), "-p" + database.password(), address.group(3), "-e", "source " + script);
			}
			case SQLITE ->
				List.of("sqlite3", "-bail", database.url().substring("jdbc:sqlite:".length()), ".read " + script);
			case H2 -> throw new IllegalArgumentException("There is no client program for H2");
		};
		long start = System.nanoTime();
		FreshJvm.output(command);
		return (System.nanoTime() - start) / 1e6;
	}

	private static Matcher address(TestDatabase database) {
		Matcher address = ADDRESS.matcher(database.url());
		if (!address.lookingAt()) {
			throw new IllegalArgumentException("No address in " + database);
		}
		return address;
	}

}
