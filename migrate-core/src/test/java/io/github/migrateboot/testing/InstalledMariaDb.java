package io.github.migrateboot.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The MariaDB that the machine has, usually an older one than {@link TestServer#MARIADB}.
 * It is started when a test first asks for it, serves the whole JVM, and is stopped with
 * it. Where it is missing the test is skipped by name.
 */
public final class InstalledMariaDb {

	/** The server refuses to work as root. */
	private static final String USER = "nobody";

	private static @Nullable NetworkServer shared;

	private InstalledMariaDb() {
	}

	/**
	 * Create a fresh, empty database.
	 * @return the database, which the caller closes
	 */
	public static synchronized TestDatabase create() {
		NetworkServer server = shared;
		if (server == null) {
			try {
				server = launch(program("mariadbd"), program("mariadb-install-db"));
				shared = server;
			}
			catch (IOException | SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}
		return server.create(TestServer.MARIADB);
	}

	private static NetworkServer launch(String program, String installer) throws IOException, SQLException {
		Path directory = Files.createTempDirectory("mariadb");
		Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		Path data = Files.createDirectory(directory.resolve("data"));
		List<String> user = List.of();
		if ("root".equals(System.getProperty("user.name"))) {
			Files.setOwner(data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
			user = List.of("--user=" + USER);
		}
		install(command(List.of(installer, "--no-defaults", "--datadir=" + data,
				"--auth-root-authentication-method=normal", "--skip-test-db"), user));
		int port = FreePort.find();
		Process server = start(command(List.of(program, "--no-defaults", "--datadir=" + data, "--port=" + port,
				"--bind-address=127.0.0.1", "--socket=" + data.resolve("socket"), "--pid-file=" + data.resolve("pid"),
				"--log-error=" + data.resolve("error.log"), "--character-set-server=utf8mb4",
				"--innodb-flush-log-at-trx-commit=0"), user));
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			server.destroyForcibly().onExit().join();
			FileServer.delete(directory);
		}));
		String url = "jdbc:mariadb://localhost:" + port + "/";
		Awaitility.await()
			.atMost(Duration.ofSeconds(90))
			.ignoreExceptionsInstanceOf(SQLException.class)
			.until(() -> createUser(url));
		return new NetworkServer(NetworkServer.Kind.MYSQL, url, "mysql", "", "migrate", "test");
	}

	private static boolean createUser(String url) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url + "mysql", "root", "");
				Statement statement = connection.createStatement()) {
			// An anonymous user of localhost would win over a named one of any host.
			statement.execute("delete from global_priv where user = ''");
			statement.execute("flush privileges");
			statement.execute("create user if not exists migrate@'%' identified by 'test'");
			statement.execute("grant all on *.* to migrate@'%' with grant option");
			return true;
		}
	}

	private static List<String> command(List<String> arguments, List<String> more) {
		List<String> command = new ArrayList<>(arguments);
		command.addAll(more);
		return command;
	}

	private static void install(List<String> command) throws IOException {
		Process installation = start(command);
		try {
			if (!installation.waitFor(60, TimeUnit.SECONDS) || installation.exitValue() != 0) {
				throw new IllegalStateException(command.get(0) + " failed");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static Process start(List<String> command) throws IOException {
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
	}

	private static String program(String name) {
		String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
		return Stream.of(path.split(File.pathSeparator))
			.map((directory) -> Path.of(directory, name))
			.filter(Files::isExecutable)
			.findFirst()
			.orElseThrow(
					() -> TestServer.missing("No MariaDB here: there is no program " + name + " on the PATH", null))
			.toString();
	}

}
