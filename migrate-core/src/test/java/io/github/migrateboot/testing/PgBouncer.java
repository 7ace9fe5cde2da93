package io.github.migrateboot.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/**
 * A real PgBouncer in transaction mode in front of a server. Where the program is missing
 * the test is skipped by name.
 */
public final class PgBouncer implements AutoCloseable {

	private static final Pattern ADDRESS = Pattern.compile("//localhost:(\\d+)/");

	private final Process process;

	private final int port;

	private final Path directory;

	private PgBouncer(Process process, int port, Path directory) {
		this.process = process;
		this.port = port;
		this.directory = directory;
	}

	/**
	 * Start a PgBouncer in front of a server.
	 * @param database a database of the server, which is used to see whether it works
	 * @param settings lines for the section {@code [pgbouncer]}; one that begins with
	 * {@code connect_query} is put where that belongs
	 * @return the running PgBouncer
	 */
	public static PgBouncer start(TestDatabase database, String... settings) {
		String program = program();
		Matcher server = ADDRESS.matcher(database.url());
		if (!server.find()) {
			throw new IllegalArgumentException("No local port in " + database.url());
		}
		try {
			Path directory = Files.createTempDirectory("pgbouncer");
			int port = FreePort.find();
			Process process = start(program, directory, server.group(1), port, settings);
			PgBouncer pgBouncer = new PgBouncer(process, port, directory);
			pgBouncer.awaitConnection(database);
			return pgBouncer;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the way to a database through this pooler.
	 * @param database the database
	 * @return the same database; closing it drops nothing
	 */
	public TestDatabase through(TestDatabase database) {
		return database.at(ADDRESS.matcher(database.url()).replaceFirst("//localhost:" + this.port + "/"));
	}

	private void awaitConnection(TestDatabase database) {
		TestDatabase pooled = through(database);
		Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptionsInstanceOf(SQLException.class).until(() -> {
			DriverManager.getConnection(pooled.url(), pooled.user(), pooled.password()).close();
			return true;
		});
	}

	private static String program() {
		String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
		for (String directory : path.split(File.pathSeparator)) {
			Path program = Path.of(directory, "pgbouncer");
			if (Files.isExecutable(program)) {
				return program.toString();
			}
		}
		throw TestServer.missing("No PgBouncer here: there is no program pgbouncer on the PATH", null);
	}

	private static Process start(String program, Path directory, String server, int port, String... settings)
			throws IOException {
		Path users = Files.writeString(directory.resolve("users.txt"), "\"postgres\" \"postgres\"\n");
		Path configuration = Files.writeString(directory.resolve("pgbouncer.ini"), """
				[databases]
				* = host=127.0.0.1 port=%s %s
				[pgbouncer]
				listen_addr = 127.0.0.1
				listen_port = %d
				unix_socket_dir =
				auth_type = trust
				auth_file = %s
				pool_mode = transaction
				ignore_startup_parameters = extra_float_digits
				%s
				""".formatted(server, lines(settings, true), port, users, lines(settings, false)));
		Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		// It refuses to run as root
		List<String> command = "root".equals(System.getProperty("user.name"))
				? List.of(program, "-q", "-u", "nobody", configuration.toString())
				: List.of(program, "-q", configuration.toString());
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(directory.resolve("pgbouncer.log").toFile())
			.start();
	}

	private static String lines(String[] settings, boolean ofDatabase) {
		return Stream.of(settings)
			.filter((setting) -> setting.startsWith("connect_query") == ofDatabase)
			.collect(Collectors.joining("\n"));
	}

	@Override
	public void close() {
		try {
			this.process.destroyForcibly().waitFor();
			for (String file : List.of("users.txt", "pgbouncer.ini", "pgbouncer.log")) {
				Files.deleteIfExists(this.directory.resolve(file));
			}
			Files.delete(this.directory);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
