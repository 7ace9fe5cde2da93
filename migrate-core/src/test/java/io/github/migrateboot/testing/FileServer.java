package io.github.migrateboot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

import org.springframework.util.FileSystemUtils;

/**
 * A database that is a file in a temporary directory.
 */
final class FileServer {

	private FileServer() {
	}

	static RunningServer sqlite() {
		return (server) -> {
			Path directory = directory("sqlite");
			return new TestDatabase(server, "jdbc:sqlite:" + directory.resolve("test.db"), "", "",
					() -> delete(directory));
		};
	}

	static RunningServer h2() {
		return (server) -> {
			Path directory = directory("h2");
			String url = "jdbc:h2:file:" + directory.resolve("test") + ";AUTO_SERVER=TRUE";
			// Whoever opens the file first serves it to the others. That must not be a
			// process that a test kills.
			Connection anchor = open(url);
			return new TestDatabase(server, url, "sa", "", () -> {
				shutDown(anchor);
				delete(directory);
			});
		};
	}

	private static Path directory(String prefix) {
		try {
			return Files.createTempDirectory("migrate-" + prefix);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Connection open(String url) {
		try {
			Connection anchor = DriverManager.getConnection(url, "sa", "");
			try (Statement statement = anchor.createStatement()) {
				statement.execute("set trace_level_file 0");
			}
			return anchor;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void shutDown(Connection anchor) {
		try (anchor) {
			// Unless a test has shut it down itself.
			if (!anchor.isClosed()) {
				shutDownNow(anchor);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void shutDownNow(Connection anchor) throws SQLException {
		try (Statement statement = anchor.createStatement()) {
			// Whatever connections a test has left open.
			statement.execute("shutdown");
		}
	}

	/**
	 * Delete a directory, into which something may still be written or from which
	 * something else deletes too.
	 */
	static void delete(Path directory) {
		for (int attempt = 1; Files.exists(directory); attempt++) {
			try {
				FileSystemUtils.deleteRecursively(directory);
			}
			catch (IOException | UncheckedIOException ex) {
				if (attempt == 100) {
					throw new IllegalStateException("Can't delete " + directory, ex);
				}
			}
		}
	}

}
