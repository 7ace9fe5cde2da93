package io.github.migrateboot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

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
			Connection anchor = connect(url);
			return new TestDatabase(server, url, "sa", "", () -> {
				close(anchor);
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

	private static Connection connect(String url) {
		try {
			return DriverManager.getConnection(url, "sa", "");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void close(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static void delete(Path directory) {
		try {
			FileSystemUtils.deleteRecursively(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
