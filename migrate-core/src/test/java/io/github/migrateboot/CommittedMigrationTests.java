package io.github.migrateboot;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

import javax.sql.DataSource;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What fails after the commit of a migration doesn't count against it.
 */
class CommittedMigrationTests {

	@TempDir
	private Path path;

	@Test
	void isAppliedIfAutocommitCannotBeSwitchedOnAgain() {
		MigrationFolder folder = new MigrationFolder(this.path).addWithoutTransaction("1_a.sql",
				"CREATE TABLE t (a integer);\n");
		try (TestDatabase database = TestServer.SQLITE.create()) {
			InterruptedAfterCommit connections = new InterruptedAfterCommit(database);
			Migrator migrator = new Migrator(folder.source(), connections,
					MigratorSettings.defaults(Instance.current("committed")));
			assertThat(migrator.migrate().applied()).containsExactly("1");
			assertThat(connections.interrupted).isTrue();
			assertThat(database.versions()).containsExactly("1");
		}
	}

	@Test
	void leavesAutocommitOnWhereTheConnectionIsTheApplications() throws SQLException {
		MigrationFolder folder = new MigrationFolder(this.path).add("1_a.sql", "CREATE TABLE t (a integer);\n")
			.add("2_b.sql", "CREATE TABLE u (a integer);\n");
		SingleConnectionDataSource pool = new SingleConnectionDataSource("jdbc:h2:mem:committed", true);
		try {
			Migrator migrator = new Migrator(folder.source(), new OneConnection(pool),
					MigratorSettings.defaults(Instance.current("committed")));
			assertThat(migrator.migrate().applied()).containsExactly("1", "2");
			assertThat(pool.getConnection().getAutoCommit()).isTrue();
		}
		finally {
			pool.destroy();
		}
	}

	/**
	 * A connection that nobody resets.
	 */
	private record OneConnection(DataSource pool) implements MigrationConnections {

		@Override
		public Connection borrow() throws SQLException {
			return this.pool.getConnection();
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) {
			return Optional.empty();
		}

	}

	/**
	 * Connections on which the first statement after a migration's commit is cancelled,
	 * which switches autocommit on.
	 */
	private static final class InterruptedAfterCommit implements MigrationConnections {

		private final TestDatabase database;

		private boolean interrupted;

		InterruptedAfterCommit(TestDatabase database) {
			this.database = database;
		}

		@Override
		public Connection borrow() throws SQLException {
			Connection connection = this.database.connections().borrow();
			return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
					new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
						if (method.getName().equals("setAutoCommit") && arguments[0].equals(true) && !this.interrupted
								&& !this.database.versions().isEmpty()) {
							this.interrupted = true;
							throw new SQLException("Query execution was interrupted", "70100", 1317);
						}
						try {
							return method.invoke(connection, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
			return Optional.of(borrow());
		}

	}

}
