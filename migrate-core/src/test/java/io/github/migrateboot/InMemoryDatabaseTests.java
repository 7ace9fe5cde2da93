package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Databases in the memory of this process that several contexts use.
 */
class InMemoryDatabaseTests {

	private static final int CONTEXTS = 4;

	@TempDir
	private Path path;

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:%s", "jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1",
			"jdbc:sqlite:file:%s?mode=memory&cache=shared", "jdbc:sqlite:file:/%s?vfs=memdb" })
	void contextsThatStartTogetherMigrateOnce(String url) throws Exception {
		MigrationFolder folder = new MigrationFolder(this.path)
			.add("1_t.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);")
			.addWithoutTransaction("2_u.sql", "INSERT INTO t VALUES (2);\nCREATE TABLE u (a integer);")
			.add("3_v.sql", "INSERT INTO t VALUES (3);\nCREATE TABLE v (a integer);");
		ExecutorService threads = Executors.newFixedThreadPool(CONTEXTS);
		try {
			for (int round = 0; round < 20; round++) {
				String fresh = url.formatted(UUID.randomUUID());
				// Without it the database would end with its last connection.
				try (Connection anchor = DriverManager.getConnection(fresh)) {
					migrateTogether(threads, fresh, folder);
					JdbcTemplate jdbc = new JdbcTemplate(new SingleConnectionDataSource(anchor, true));
					assertThat(jdbc.queryForList("SELECT a FROM t ORDER BY a", Integer.class)).containsExactly(1, 2, 3);
					if (fresh.contains("DELAY")) {
						jdbc.execute("SHUTDOWN");
					}
				}
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static void migrateTogether(ExecutorService threads, String url, MigrationFolder folder) throws Exception {
		CyclicBarrier start = new CyclicBarrier(CONTEXTS);
		List<Future<List<String>>> runs = new ArrayList<>();
		for (int context = 0; context < CONTEXTS; context++) {
			Migrator migrator = new Migrator(folder.source(), new Connections(url),
					MigratorSettings.defaults(Instance.current("context " + context)));
			runs.add(threads.submit(() -> {
				start.await(30, TimeUnit.SECONDS);
				return migrator.migrate().applied();
			}));
		}
		List<String> applied = new ArrayList<>();
		for (Future<List<String>> run : runs) {
			applied.addAll(run.get(60, TimeUnit.SECONDS));
		}
		assertThat(applied).containsExactlyInAnyOrder("1", "2", "3");
	}

	/**
	 * Connections of the driver.
	 *
	 * @param url where they lead
	 */
	private record Connections(String url) implements MigrationConnections {

		@Override
		public Connection borrow() {
			// Tries again as a pool does: SQLite's driver asks while others write.
			return Awaitility.await()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(5))
				.ignoreExceptionsInstanceOf(SQLException.class)
				.until(() -> DriverManager.getConnection(this.url), Objects::nonNull);
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) {
			return Optional.of(borrow());
		}

	}

}
