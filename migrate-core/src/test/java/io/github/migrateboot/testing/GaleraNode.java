package io.github.migrateboot.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * One server of a {@link GaleraCluster}.
 */
final class GaleraNode {

	/** Neither the server nor what copies the data works as root. */
	private static final String USER = "nobody";

	private final int number;

	private final Path data;

	private final List<String> command;

	private final int port;

	private final int groupPort;

	private @Nullable Process process;

	private GaleraNode(int number, Path data, List<String> command, int port, int groupPort) {
		this.number = number;
		this.data = data;
		this.command = command;
		this.port = port;
		this.groupPort = groupPort;
	}

	static GaleraNode prepare(Path directory, int number, String server, String provider) throws IOException {
		Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
		Path data = Files.createDirectory(directory.resolve("node" + number));
		List<String> command = new ArrayList<>(List.of(server, "--no-defaults"));
		if (isRoot()) {
			Files.setOwner(data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
			command.add("--user=" + USER);
		}
		int port = FreePort.find();
		int groupPort = FreePort.find();
		command.addAll(List.of("--datadir=" + data, "--port=" + port, "--bind-address=127.0.0.1",
				"--socket=" + data.resolve("socket"), "--pid-file=" + data.resolve("pid"),
				"--log-error=" + data.resolve("error.log"), "--character-set-server=utf8mb4", "--max-connections=300",
				"--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", "--innodb-flush-log-at-trx-commit=0",
				"--innodb-buffer-pool-size=32M", "--innodb-log-file-size=16M", "--wsrep-on=ON",
				"--wsrep-provider=" + provider, "--wsrep-cluster-name=test", "--wsrep-node-address=127.0.0.1",
				"--wsrep-node-name=node" + number, "--wsrep-sst-method=rsync",
				"--wsrep-sst-receive-address=127.0.0.1:" + FreePort.find(),
				"--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:" + groupPort + ";ist.recv_addr=127.0.0.1:"
						+ FreePort.find() + ";gcache.size=16M;pc.recovery=false;pc.weight=" + ((number == 1) ? 2 : 1)));
		return new GaleraNode(number, data, command, port, groupPort);
	}

	private static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

	String url() {
		return "jdbc:mariadb://localhost:" + this.port + "/";
	}

	String groupAddress() {
		return "127.0.0.1:" + this.groupPort;
	}

	/**
	 * Create the system tables.
	 */
	void install(String installer) throws IOException {
		List<String> arguments = new ArrayList<>(List.of(installer, "--no-defaults", "--datadir=" + this.data,
				"--auth-root-authentication-method=normal", "--skip-test-db"));
		if (isRoot()) {
			arguments.add("--user=" + USER);
		}
		Process installation = new ProcessBuilder(arguments).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		try {
			if (!installation.waitFor(60, TimeUnit.SECONDS) || installation.exitValue() != 0) {
				throw new IllegalStateException(installer + " failed");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Start the server and wait until it takes queries.
	 * @param group another node of the cluster; empty for the first of all
	 */
	void start(String group) throws IOException {
		if (this.process != null && this.process.isAlive()) {
			return;
		}
		List<String> arguments = new ArrayList<>(this.command);
		arguments.add("--wsrep-cluster-address=gcomm://" + group);
		Process started = new ProcessBuilder(arguments).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		this.process = started;
		Awaitility.await()
			.atMost(Duration.ofSeconds(90))
			.pollInterval(Duration.ofMillis(200))
			.ignoreExceptionsInstanceOf(SQLException.class)
			.until(() -> {
				if (!started.isAlive()) {
					throw new IllegalStateException(
							"Node " + this.number + " ended:\n" + Files.readString(this.data.resolve("error.log")));
				}
				return isReady();
			});
	}

	private boolean isReady() throws SQLException {
		try (Connection connection = DriverManager.getConnection(url() + "?connectTimeout=2000&socketTimeout=5000",
				"root", "");
				Statement statement = connection.createStatement();
				ResultSet ready = statement.executeQuery("show status like 'wsrep_ready'")) {
			return ready.next() && "ON".equals(ready.getString(2));
		}
	}

	/**
	 * Wait until what was committed on other nodes has been applied here.
	 */
	void catchUp() {
		try (Connection connection = DriverManager.getConnection(url(), "root", "");
				Statement statement = connection.createStatement()) {
			statement.execute("set session wsrep_sync_wait = 15");
			statement.execute("select 1 from mysql.user limit 1");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void isolate(boolean isolated) {
		try (Connection connection = DriverManager.getConnection(url(), "root", "");
				Statement statement = connection.createStatement()) {
			statement.execute("set global wsrep_provider_options = 'gmcast.isolate=" + (isolated ? 1 : 0) + "'");
			Awaitility.await()
				.atMost(Duration.ofSeconds(90))
				.pollInterval(Duration.ofMillis(200))
				.ignoreExceptionsInstanceOf(SQLException.class)
				.until(() -> isReady() != isolated);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void stop(boolean immediately) {
		Process running = this.process;
		if (running == null) {
			return;
		}
		if (immediately) {
			running.destroyForcibly();
		}
		else {
			running.destroy();
		}
		try {
			if (!running.waitFor(60, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Node " + this.number + " does not end");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	void kill() {
		stop(true);
	}

}
