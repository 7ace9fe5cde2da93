package io.github.migrateboot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * Servers that run in containers.
 */
final class ContainerServers {

	private static final String PASSWORD = "test";

	private ContainerServers() {
	}

	static RunningServer postgres() {
		requireDocker();
		PostgreSQLContainer container = new PostgreSQLContainer(DockerImageName.parse("postgres:18"));
		container.withUsername("postgres").withPassword(PASSWORD).withDatabaseName("postgres");
		container.setCommand("postgres", "-c", "fsync=off", "-c", "max_connections=200");
		publish(container, PostgreSQLContainer.POSTGRESQL_PORT);
		// The stock strategy reads the log, whose text depends on how the image was made.
		container.waitingFor(new NoWait());
		start(container);
		NetworkServer server = new NetworkServer(NetworkServer.Kind.POSTGRES,
				"jdbc:postgresql://" + address(container, PostgreSQLContainer.POSTGRESQL_PORT) + "/", "postgres", "",
				"postgres", PASSWORD, restart(container));
		server.awaitConnection();
		return new PostgresContainer(container, server);
	}

	static RunningServer mySql() {
		requireDocker();
		MySQLContainer container = new MySQLContainer(DockerImageName.parse("mysql:9.7"));
		container.withUsername("root").withPassword(PASSWORD).withDatabaseName("test");
		publish(container, MySQLContainer.MYSQL_PORT);
		container.setCommand("mysqld", "--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0");
		start(container);
		NetworkServer server = new NetworkServer(NetworkServer.Kind.MYSQL,
				"jdbc:mysql://" + address(container, MySQLContainer.MYSQL_PORT) + "/", "mysql",
				"?sslMode=DISABLED&allowPublicKeyRetrieval=true", "root", PASSWORD, restart(container));
		server.awaitConnection();
		return server;
	}

	private static void requireDocker() {
		if (!DockerClientFactory.instance().isDockerAvailable()) {
			throw new IllegalStateException("there is no Docker engine");
		}
	}

	private static void start(GenericContainer<?> container) {
		// Testcontainers' own reaper may be switched off.
		Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
		container.start();
	}

	private static NetworkServer.Restart restart(GenericContainer<?> container) {
		return (immediately) -> container.getDockerClient()
			.restartContainerCmd(container.getContainerId())
			.withTimeout(immediately ? 0 : 30)
			.exec();
	}

	/**
	 * A port that stays the same after a restart.
	 */
	private static void publish(GenericContainer<?> container, int port) {
		container.setPortBindings(List.of(FreePort.find() + ":" + port));
	}

	private static String address(GenericContainer<?> container, int port) {
		return container.getHost() + ":" + container.getMappedPort(port);
	}

	/**
	 * A container that has PostgreSQL's own programs.
	 */
	private record PostgresContainer(PostgreSQLContainer container, NetworkServer server) implements RunningServer {

		@Override
		public TestDatabase create(TestServer kind) {
			return this.server.create(kind);
		}

		@Override
		public void restart(boolean immediately) {
			this.server.restart(immediately);
		}

		@Override
		public String dump(String database) {
			try {
				Container.ExecResult result = this.container.execInContainer("pg_dump", "-U", this.server.user(),
						database);
				if (result.getExitCode() != 0) {
					throw new IllegalStateException(result.getStderr());
				}
				return result.getStdout();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}

	}

	private static final class NoWait extends AbstractWaitStrategy {

		@Override
		protected void waitUntilReady() {
		}

	}

}
