package io.github.migrateboot.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import com.github.dockerjava.api.model.Container;
import io.github.migrateboot.benchmarks.Server.Durability;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/**
 * The servers, as durable as they are elsewhere: those of the tests write nothing through
 * to the disk. They are started when they are first needed.
 */
final class Servers implements AutoCloseable {

	private static final Duration REACHABLE_WITHIN = Duration.ofSeconds(2);

	private @Nullable EmbeddedPostgres postgres;

	boolean isAvailable(Server server) {
		return server == Server.POSTGRES || kind(server).available();
	}

	/**
	 * Create an empty database.
	 */
	Database create(Server server, Durability durability) throws SQLException {
		boolean durable = durability == Durability.DURABLE;
		if (server == Server.POSTGRES) {
			return postgres(durable);
		}
		TestDatabase created = kind(server).create();
		Database database = new Database(server, ownAddress(created), created.user(), created.password(),
				created::close);
		if (server != Server.SQLITE) {
			database.execute("set global innodb_flush_log_at_trx_commit = " + (durable ? 1 : 2),
					"set global sync_binlog = " + (durable ? 1 : 0));
		}
		return database;
	}

	private static TestServer kind(Server server) {
		return switch (server) {
			case POSTGRES -> TestServer.POSTGRES_EMBEDDED;
			case MYSQL -> TestServer.MYSQL;
			case MARIADB -> TestServer.MARIADB;
			case SQLITE -> TestServer.SQLITE;
		};
	}

	private Database postgres(boolean durable) throws SQLException {
		Database maintenance = postgres("postgres", () -> {
		});
		String name = "b" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
		// The default of the server is an argument of its command line, which wins over
		// ALTER SYSTEM.
		maintenance.execute("create database " + name,
				"alter database " + name + " set synchronous_commit = " + (durable ? "on" : "off"));
		return postgres(name, () -> {
			try {
				maintenance.execute("drop database " + name + " with (force)");
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	private Database postgres(String name, Runnable drop) {
		return new Database(Server.POSTGRES, "jdbc:postgresql://127.0.0.1:" + runningPostgres().getPort() + "/" + name,
				"postgres", "postgres", drop);
	}

	private EmbeddedPostgres runningPostgres() {
		EmbeddedPostgres running = this.postgres;
		if (running == null) {
			try {
				// Started with -F, which the later option takes back.
				running = EmbeddedPostgres.builder()
					.setServerConfig("fsync", "on")
					.setServerConfig("max_connections", "200")
					.start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.postgres = running;
		}
		return running;
	}

	/**
	 * Return the URL that leads to a container itself. The proxy of a published port
	 * costs about 0.35 ms a round trip.
	 */
	private static String ownAddress(TestDatabase database) {
		if (database.server() != TestServer.MYSQL) {
			return database.url();
		}
		Database published = new Database(Server.MYSQL, database.url(), "", "", () -> {
		});
		return DockerClientFactory.instance()
			.client()
			.listContainersCmd()
			.exec()
			.stream()
			.flatMap((container) -> addresses(container, published.port()))
			.filter(Servers::isReachable)
			.findFirst()
			.map((address) -> database.url()
				.replaceFirst("//[^/]+/", "//%s:%d/".formatted(address.getHostString(), address.getPort())))
			.orElseGet(database::url);
	}

	private static Stream<InetSocketAddress> addresses(Container container, int publishedPort) {
		Optional<Integer> port = Arrays.stream(container.getPorts())
			.filter((each) -> Objects.equals(each.getPublicPort(), publishedPort))
			.map((each) -> Objects.requireNonNull(each.getPrivatePort()))
			.findFirst();
		return port.stream()
			.flatMap((number) -> Objects.requireNonNull(container.getNetworkSettings())
				.getNetworks()
				.values()
				.stream()
				.map((network) -> new InetSocketAddress(network.getIpAddress(), number)));
	}

	private static boolean isReachable(InetSocketAddress address) {
		try (Socket socket = new Socket()) {
			socket.connect(address, (int) REACHABLE_WITHIN.toMillis());
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public void close() throws IOException {
		if (this.postgres != null) {
			this.postgres.close();
		}
	}

}
