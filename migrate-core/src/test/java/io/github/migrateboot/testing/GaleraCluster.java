package io.github.migrateboot.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A MariaDB Galera cluster of two nodes, both of which can be written to. It is started
 * when a test first asks for it, serves the whole JVM, and is stopped with it. Where one
 * of the programs is missing the test is skipped by name.
 * <p>
 * The first node has two votes and the second one: if the second is stopped or isolated,
 * the first works on; if the first is gone, the second has no quorum.
 */
public final class GaleraCluster {

	private static final Pattern ADDRESS = Pattern.compile("//localhost:\\d+/");

	private static final List<String> PROVIDERS = List.of("/usr/lib/galera/libgalera_smm.so",
			"/usr/lib64/galera-4/libgalera_smm.so", "/usr/lib64/galera/libgalera_smm.so");

	private static @Nullable GaleraCluster shared;

	private final GaleraNode first;

	private final GaleraNode second;

	private GaleraCluster(GaleraNode first, GaleraNode second) {
		this.first = first;
		this.second = second;
	}

	/**
	 * Return the cluster of this JVM; starts it, which takes about ten seconds.
	 * @return the cluster, both nodes of which are up
	 */
	public static synchronized GaleraCluster shared() {
		GaleraCluster cluster = shared;
		if (cluster == null) {
			String server = program("mariadbd");
			String installer = program("mariadb-install-db");
			// Copies the first node's data to the second
			program("rsync");
			String provider = PROVIDERS.stream()
				.filter((path) -> Files.exists(Path.of(path)))
				.findFirst()
				.orElseThrow(() -> TestServer.missing("No Galera here: there is none of " + PROVIDERS, null));
			try {
				cluster = launch(server, installer, provider);
				shared = cluster;
			}
			catch (IOException | SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}
		return cluster;
	}

	private static GaleraCluster launch(String server, String installer, String provider)
			throws IOException, SQLException {
		Path directory = Files.createTempDirectory("galera");
		GaleraNode first = GaleraNode.prepare(directory, 1, server, provider);
		GaleraNode second = GaleraNode.prepare(directory, 2, server, provider);
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			second.kill();
			first.kill();
			FileServer.delete(directory);
		}));
		first.install(installer);
		first.start("");
		try (Connection connection = DriverManager.getConnection(first.url() + "mysql", "root", "");
				Statement statement = connection.createStatement()) {
			// An anonymous user of localhost would win over a named one of any host.
			statement.execute("delete from global_priv where user = ''");
			statement.execute("flush privileges");
			statement.execute("create user migrate@'%' identified by 'test'");
			statement.execute("grant all on *.* to migrate@'%' with grant option");
		}
		second.start(first.groupAddress());
		return new GaleraCluster(first, second);
	}

	/**
	 * Return the path of a program, or skip the test.
	 */
	private static String program(String name) {
		String path = System.getenv("PATH") + File.pathSeparator + "/usr/sbin";
		return Stream.of(path.split(File.pathSeparator))
			.map((directory) -> Path.of(directory, name))
			.filter(Files::isExecutable)
			.findFirst()
			.orElseThrow(() -> TestServer.missing("No Galera here: there is no program " + name + " on the PATH", null))
			.toString();
	}

	/**
	 * Create a fresh, empty database on both nodes.
	 * @return the database as the first node shows it, which the caller closes
	 */
	public TestDatabase create() {
		TestDatabase database = new NetworkServer(NetworkServer.Kind.MYSQL, this.first.url(), "mysql", "", "migrate",
				"test")
			.create(TestServer.MARIADB);
		this.second.catchUp();
		return database;
	}

	/**
	 * Return a database as one of the nodes shows it. What was written on the other node
	 * may come later.
	 * @param database the database
	 * @param node 1 or 2
	 * @return the same database; closing it drops nothing
	 */
	public TestDatabase on(TestDatabase database, int node) {
		return database.at(ADDRESS.matcher(database.url()).replaceFirst(address(node)));
	}

	/**
	 * Return a database as the first node shows it, with everything that was written
	 * before on any node.
	 * @param database the database
	 * @return the same database; closing it drops nothing
	 */
	public TestDatabase upToDate(TestDatabase database) {
		return database.at(on(database, 1).url() + "?sessionVariables=wsrep_sync_wait=15");
	}

	private String address(int node) {
		return node(node).url().replace("jdbc:mariadb:", "");
	}

	private GaleraNode node(int node) {
		return switch (node) {
			case 1 -> this.first;
			case 2 -> this.second;
			default -> throw new IllegalArgumentException("There is no node " + node);
		};
	}

	/**
	 * Cut the second node off from the first, or let it come back. Cut off it has no
	 * quorum and refuses queries; afterwards it catches up.
	 * @param isolated whether to cut it off
	 */
	public void isolateSecond(boolean isolated) {
		this.second.isolate(isolated);
	}

	/**
	 * Stop the second node and start it again.
	 * @param immediately whether to stop it as {@code kill -9} does
	 */
	public void restartSecond(boolean immediately) {
		this.second.stop(immediately);
		startSecond();
	}

	/**
	 * Start the second node again if it is not running.
	 */
	public void startSecond() {
		try {
			this.second.start(this.first.groupAddress());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Stop the second node.
	 * @param immediately whether to stop it as {@code kill -9} does
	 */
	public void stopSecond(boolean immediately) {
		this.second.stop(immediately);
	}

}
