package io.github.migrateboot.database;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PostgreSql} behind a real PgBouncer; skipped where there is none.
 */
class PgBouncerTests {

	@Test
	void refusesAPoolerInTransactionMode(@TempDir Path directory) throws Exception {
		String program = program();
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			Matcher server = Pattern.compile("//localhost:(\\d+)/").matcher(database.url());
			assertThat(server.find()).isTrue();
			int port = freePort();
			Process pgBouncer = start(program, directory, server.group(1), port);
			try {
				String url = database.url().replace(":" + server.group(1) + "/", ":" + port + "/");
				try (Connection connection = await(url, database); Connection direct = database.connect()) {
					PostgreSql postgreSql = new PostgreSql();
					assertThatExceptionOfType(UnsupportedDatabaseException.class)
						.isThrownBy(() -> postgreSql.probe(connection))
						.satisfies((ex) -> {
							assertThat(ex.getDescription()).contains("PgBouncer", "transaction mode");
							assertThat(ex.getAction()).contains("Connect directly to the server");
						});
					assertThat(postgreSql.destination(connection)).isEqualTo(postgreSql.probe(direct).destination());
				}
			}
			finally {
				pgBouncer.destroyForcibly().waitFor();
			}
		}
	}

	private static String program() {
		String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
		for (String directory : path.split(File.pathSeparator)) {
			Path program = Path.of(directory, "pgbouncer");
			if (Files.isExecutable(program)) {
				return program.toString();
			}
		}
		String message = "No PgBouncer here: there is no program pgbouncer on the PATH";
		if (Boolean.parseBoolean(System.getenv("MIGRATE_TEST_REQUIRE_ALL_SERVERS"))) {
			throw new AssertionError(message);
		}
		throw new TestAbortedException(message);
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private static Process start(String program, Path directory, String server, int port) throws IOException {
		Path users = Files.writeString(directory.resolve("users.txt"), "\"postgres\" \"postgres\"\n");
		Path configuration = Files.writeString(directory.resolve("pgbouncer.ini"), """
				[databases]
				* = host=127.0.0.1 port=%s
				[pgbouncer]
				listen_addr = 127.0.0.1
				listen_port = %d
				unix_socket_dir =
				auth_type = trust
				auth_file = %s
				pool_mode = transaction
				ignore_startup_parameters = extra_float_digits
				""".formatted(server, port, users));
		Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		// It refuses to run as root
		List<String> command = "root".equals(System.getProperty("user.name"))
				? List.of(program, "-q", "-u", "nobody", configuration.toString())
				: List.of(program, "-q", configuration.toString());
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(directory.resolve("pgbouncer.log").toFile())
			.start();
	}

	private static Connection await(String url, TestDatabase database) {
		return Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.ignoreExceptionsInstanceOf(SQLException.class)
			.until(() -> DriverManager.getConnection(url, database.user(), database.password()), (connection) -> true);
	}

}
