package io.github.migrateboot;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What another instance does between two looks at the history is not taken for damage.
 */
class HistoryRaceTests {

	private static final String JOURNAL_ALONE = "SELECT version, name, state";

	@TempDir
	private Path path;

	@Test
	void tableThatAppearsWithItsJournalWasNotDropped() {
		MigrationFolder folder = new MigrationFolder(this.path).add("1_a.sql", "create table a (id int);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			MigratorSettings settings = MigratorSettings.defaults(Instance.current("race"));
			AtomicBoolean other = new AtomicBoolean();
			Runnable migrate = () -> {
				if (other.compareAndSet(false, true)) {
					assertThat(new Migrator(folder.source(), database.connections(), settings).migrate().applied())
						.containsExactly("1");
				}
			};
			MigratorSettings pinned = settings.withLock(settings.lock().withStrategy(LockChoice.PINNED));
			assertThat(new Migrator(folder.source(), new Interrupted(database, migrate), pinned).migrate().applied())
				.isEmpty();
			assertThat(other).as("the other instance has migrated meanwhile").isTrue();
		}
	}

	/**
	 * Connections on which something happens just before the journal is read by itself.
	 *
	 * @param database where they lead
	 * @param action what happens
	 */
	private record Interrupted(TestDatabase database, Runnable action) implements MigrationConnections {

		@Override
		public Connection borrow() throws SQLException {
			return proxy(Connection.class,
					DriverManager.getConnection(this.database.url(), this.database.user(), this.database.password()));
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
			return Optional.of(borrow());
		}

		private <T> T proxy(Class<T> type, T actual) {
			return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
					(proxy, method, arguments) -> {
						if (method.getName().equals("executeQuery") && arguments != null
								&& String.valueOf(arguments[0]).startsWith(JOURNAL_ALONE)) {
							this.action.run();
						}
						try {
							Object result = method.invoke(actual, arguments);
							return (result instanceof Statement statement)
									? proxy(method.getReturnType().asSubclass(Statement.class), statement) : result;
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					}));
		}

	}

}
