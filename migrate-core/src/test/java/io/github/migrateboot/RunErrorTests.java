package io.github.migrateboot;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.HalfAppliedMigrationException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.UnexpectedFailureException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationListener;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.status.MigratorStatus.State;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Runs that an {@link Error} ends, of the JVM or of a library, or something else that
 * nobody declares.
 */
class RunErrorTests {

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(MigrationConnections connections) {
		return new Migrator(folder().source(), connections, MigratorSettings.defaults(Instance.current("errors")));
	}

	@ParameterizedTest
	@EnumSource
	void inATransaction(TestServer server) {
		folder().add("1_t.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (4711);");
		try (TestDatabase database = server.create()) {
			verify(database, "4711");
		}
	}

	@ParameterizedTest
	@EnumSource
	void withoutATransaction(TestServer server) {
		folder().addWithoutTransaction("1_t.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (4711);");
		try (TestDatabase database = server.create()) {
			verify(database, "4711");
		}
	}

	@ParameterizedTest
	@EnumSource
	void whileRecording(TestServer server) {
		folder().add("1_t.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			verify(database, "schema_migrations_journal");
		}
	}

	private void verify(TestDatabase database, String poison) {
		StackOverflowError error = new StackOverflowError("for a test");
		PoisonedConnections connections = new PoisonedConnections(database.connections(), poison, error);
		Migrator migrator = migrator(connections);
		Recorder recorder = new Recorder();
		migrator.addListener(recorder);
		assertThatThrownBy(migrator::migrate).isSameAs(error);
		assertThat(migrator.status().state()).isEqualTo(State.FAILED);
		assertThat(migrator.status().failure()).isInstanceOf(UnexpectedFailureException.class).hasCause(error);
		assertThat(recorder.failures).containsExactly(migrator.status().failure());
		assertThat(recorder.open).as("migrations whose end was not told").isEmpty();
		assertThat(connections.open()).as("connections that were not closed").isEmpty();
		connections.heal();
		// Nobody is kept out: it is done, or its outcome is not known.
		assertThat(catchThrowable(migrator::migrate)).satisfiesAnyOf((none) -> assertThat(none).isNull(),
				(failure) -> assertThat(failure).isInstanceOf(HalfAppliedMigrationException.class));
		database.execute("CREATE TABLE other (a integer)");
	}

	@Test
	void beforeAnythingIsConnected() {
		NoClassDefFoundError error = new NoClassDefFoundError("org/example/Pool");
		Migrator migrator = migrator(new FailingConnections(error));
		assertThatThrownBy(migrator::migrate).isSameAs(error);
		assertThat(migrator.status().state()).isEqualTo(State.FAILED);
		assertThatThrownBy(migrator::rollBack).isSameAs(error);
		assertThat(migrator.status().state()).isEqualTo(State.FAILED);
	}

	@Test
	void exceptionThatIsNotDeclared() {
		Exception undeclared = new Exception("thrown by Kotlin");
		Migrator migrator = migrator(new FailingConnections(undeclared));
		assertThatThrownBy(migrator::migrate).isInstanceOf(UnexpectedFailureException.class).hasCause(undeclared);
		assertThat(migrator.status().state()).isEqualTo(State.FAILED);
	}

	@Test
	void errorsOfAListenerDoNotDisturbTheRun() {
		folder().add("1_t.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.H2.create()) {
			Migrator migrator = migrator(database.connections());
			migrator.addListener(new MigrationListener() {

				@Override
				public void migrationStarted(Running migration) {
					throw new NoClassDefFoundError("org/example/Tracing");
				}

				@Override
				public void completed(MigrationReport report) {
					throw new AssertionError("of no use");
				}

			});
			assertThat(migrator.migrate().applied()).containsExactly("1");
			assertThat(migrator.status().state()).isEqualTo(State.DONE);
		}
	}

	@SuppressWarnings("unchecked")
	private static <T extends Throwable> void sneak(Throwable failure) throws T {
		throw (T) failure;
	}

	/**
	 * Remembers what it is told.
	 */
	private static final class Recorder implements MigrationListener {

		private final List<MigrationException> failures = new ArrayList<>();

		private final List<String> open = new ArrayList<>();

		@Override
		public void migrationStarted(Running migration) {
			this.open.add(migration.version());
		}

		@Override
		public void migrationEnded(Running migration, Outcome outcome, Duration took,
				@Nullable MigrationException failure) {
			assertThat(outcome).isEqualTo(Outcome.FAILED);
			this.open.remove(migration.version());
		}

		@Override
		public void failed(MigrationException failure) {
			this.failures.add(failure);
		}

	}

	/**
	 * Gives no connection.
	 *
	 * @param failure what it throws
	 */
	private record FailingConnections(Throwable failure) implements MigrationConnections {

		@Override
		public Connection borrow() throws SQLException {
			RunErrorTests.<RuntimeException>sneak(this.failure);
			throw new SQLException();
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
			return Optional.of(borrow());
		}

	}

	/**
	 * Connections of a real driver, which throw an error in place of executing something
	 * that contains a text.
	 */
	private static final class PoisonedConnections implements MigrationConnections {

		private final MigrationConnections connections;

		private final String poison;

		private final Error error;

		private final List<Connection> opened = new ArrayList<>();

		private boolean healed;

		PoisonedConnections(MigrationConnections connections, String poison, Error error) {
			this.connections = connections;
			this.poison = poison;
			this.error = error;
		}

		void heal() {
			this.healed = true;
		}

		List<Connection> open() {
			return this.opened.stream().filter((connection) -> {
				try {
					return !connection.isClosed();
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			}).toList();
		}

		@Override
		public Connection borrow() throws SQLException {
			return poisoned(this.connections.borrow());
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
			return Optional.of(poisoned(this.connections.open(driverProperties).orElseThrow()));
		}

		private Connection poisoned(Connection connection) {
			this.opened.add(connection);
			return wrap(Connection.class, connection);
		}

		private <T> T wrap(Class<T> type, T target) {
			return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { type },
					(proxy, method, arguments) -> {
						boolean update = method.getName().matches("execute.*|addBatch") && arguments != null
								&& !String.valueOf(arguments[0]).startsWith("SELECT");
						if (update && !this.healed && String.valueOf(arguments[0]).contains(this.poison)) {
							throw this.error;
						}
						if (method.getName().equals("isWrapperFor")) {
							// Nobody gets past the poison.
							return false;
						}
						try {
							Object result = method.invoke(target, arguments);
							return (result instanceof Statement statement && method.getName().equals("createStatement"))
									? wrap(Statement.class, statement) : result;
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					}));
		}

	}

}
