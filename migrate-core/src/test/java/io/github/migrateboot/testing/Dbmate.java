package io.github.migrateboot.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;

/**
 * The command line of dbmate, found on the {@code PATH}. Where it is missing, the test is
 * skipped by name, or fails if all servers are required.
 *
 * @param url the database as dbmate names it
 * @param folder the migrations
 * @param options more options, before the command
 */
public record Dbmate(String url, MigrationFolder folder, List<String> options) {

	private static final Pattern ADDRESS = Pattern.compile("jdbc:\\w+://([^/]+)/(\\w+)");

	/**
	 * Return dbmate for a database and its migrations.
	 * @param database a database of PostgreSQL, MySQL, MariaDB or SQLite
	 * @param folder the migrations
	 * @return the command line, without options
	 */
	public static Dbmate on(TestDatabase database, MigrationFolder folder) {
		requireAvailable();
		return new Dbmate(url(database), folder, List.of());
	}

	private static String url(TestDatabase database) {
		return switch (database.server()) {
			case POSTGRES, POSTGRES_EMBEDDED -> address(database, "postgres") + "?sslmode=disable";
			case MYSQL, MARIADB -> address(database, "mysql");
			case SQLITE -> database.url().replace("jdbc:sqlite:", "sqlite:");
			case H2 -> throw new UnsupportedOperationException("dbmate does not know H2");
		};
	}

	private static String address(TestDatabase database, String scheme) {
		Matcher address = ADDRESS.matcher(database.url());
		if (!address.lookingAt()) {
			throw new IllegalArgumentException("No address in " + database);
		}
		return scheme + "://" + database.user() + ":" + URLEncoder.encode(database.password(), StandardCharsets.UTF_8)
				+ "@" + address.group(1) + "/" + address.group(2);
	}

	/**
	 * Return dbmate with another history table.
	 * @param table the name as dbmate takes it
	 * @return the command line
	 */
	public Dbmate withTable(String table) {
		return new Dbmate(this.url, this.folder, List.of("--migrations-table", table));
	}

	/**
	 * Run a command to its end.
	 * @param command for example {@code up}
	 * @return what came of it
	 */
	public Result run(String command) {
		return start(command).await();
	}

	/**
	 * Run a command that must succeed.
	 * @param command for example {@code up}
	 * @return what it wrote
	 */
	public String succeed(String command) {
		Result result = run(command);
		if (result.exit() != 0) {
			throw new AssertionError("dbmate " + command + " ended with " + result.exit() + ":\n" + result.output());
		}
		return result.output();
	}

	/**
	 * Start a command.
	 * @param command for example {@code up}
	 * @return the running process
	 */
	public Running start(String command) {
		List<String> line = new ArrayList<>(List.of(executable().toString(), "--url", this.url, "--migrations-dir",
				this.folder.path().toString(), "--no-dump-schema"));
		line.addAll(this.options);
		line.add(command);
		try {
			Path output = Files.createTempFile("dbmate", ".log");
			ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.directory(this.folder.path().toFile());
			builder.environment().keySet().removeIf((name) -> name.startsWith("DBMATE_"));
			return new Running(builder.start(), output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Skip the test, or fail it, if there is no dbmate.
	 */
	public static void requireAvailable() {
		executable();
	}

	private static Path executable() {
		Optional<Path> executable = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
			.map((directory) -> Path.of(directory, "dbmate"))
			.filter(Files::isExecutable)
			.findFirst();
		return executable.orElseThrow(() -> TestServer.missing("No dbmate here: it is not on the PATH", null));
	}

	/**
	 * What came of a command.
	 *
	 * @param exit the exit value
	 * @param output what it wrote, errors included
	 */
	public record Result(int exit, String output) {

	}

	/**
	 * A command that runs.
	 *
	 * @param process its process
	 * @param file where its output goes
	 */
	public record Running(Process process, Path file) implements AutoCloseable {

		/**
		 * Wait until a text has been written.
		 * @param text the text
		 * @param timeout how long to wait at most
		 */
		public void awaitOutput(String text, Duration timeout) {
			Awaitility.await().atMost(timeout).pollInterval(Duration.ofMillis(20)).until(() -> {
				if (!output().contains(text) && !this.process.isAlive()) {
					throw new AssertionError("dbmate ended without writing '" + text + "'. Its output:\n" + output());
				}
				return output().contains(text);
			});
		}

		private String output() {
			try {
				return Files.readString(this.file);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		/**
		 * Wait for the end.
		 * @return what came of it
		 */
		public Result await() {
			try (this) {
				if (!this.process.waitFor(1, TimeUnit.MINUTES)) {
					throw new AssertionError("dbmate did not end. Its output:\n" + output());
				}
				return new Result(this.process.exitValue(), output());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void close() {
			// The executable may be a script that has started the real one.
			this.process.descendants().forEach(ProcessHandle::destroyForcibly);
			this.process.destroyForcibly();
			try {
				Files.deleteIfExists(this.file);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
