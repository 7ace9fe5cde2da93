package io.github.migrateboot.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import io.github.migrateboot.benchmarks.FreshJvm.FailedException;

/**
 * The client programs of the databases, which run the same statements and keep no
 * history: what a migration tool can hardly be faster than.
 */
final class Client {

	private Client() {
	}

	static boolean isOnPath(String program) {
		return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
			.anyMatch((folder) -> Files.isExecutable(Path.of(folder, program)));
	}

	/**
	 * Run a script.
	 * @return the time of the whole process in milliseconds
	 */
	static double run(Database database, Path script) throws IOException, InterruptedException, FailedException {
		String program = database.server().client();
		List<String> command = switch (database.server()) {
			case POSTGRES -> List.of(program, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f",
					script.toString(), database.uri("postgresql"));
			case MYSQL, MARIADB ->
				List.of(program, "--protocol=tcp", "-h", database.host(), "-P", Integer.toString(database.port()), "-u",
						database.user(), "-p" + database.password(), database.name(), "-e", "source " + script);
			case SQLITE -> List.of(program, "-bail", database.file(), ".read " + script);
		};
		long start = System.nanoTime();
		FreshJvm.output(command);
		return (System.nanoTime() - start) / 1e6;
	}

}
