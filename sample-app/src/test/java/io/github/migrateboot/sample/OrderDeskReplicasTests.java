package io.github.migrateboot.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.jayway.jsonpath.JsonPath;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole application, started several times at once on one fresh database.
 */
class OrderDeskReplicasTests {

	private static final List<String> VERSIONS = List.of("20261101080000", "20261101090000", "20261101100000",
			"20261101110000", "20261101120000", "20261101130000", "20261101140000");

	private final List<Replica> replicas = new ArrayList<>();

	@TempDir
	private Path folder;

	@AfterEach
	void stop() throws InterruptedException {
		for (Replica replica : this.replicas) {
			replica.stop();
		}
	}

	@Test
	void fourReplicasShareOneSqliteFile() throws Exception {
		Path file = this.folder.resolve("orders.db");
		takeAMoment("with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000000)"
				+ " select count(*) from n");
		start(4, "--SAMPLE_SQLITE_FILE=" + file);
		List<String> versions = new ArrayList<>(VERSIONS);
		versions.add("20261101150000");
		assertEachMigrationAppliedOnce(versions, "jdbc:sqlite:" + file, null);
	}

	@Test
	void threeReplicasShareOneH2File() throws Exception {
		Path file = this.folder.resolve("orders");
		takeAMoment("select count(*) from system_range(1, 20000) a, system_range(1, 1000) b where a.x <> b.x");
		String url = "jdbc:h2:file:" + file + ";AUTO_SERVER=TRUE";
		// Of several processes that open a file at the same moment, H2 itself refuses
		// some
		// now and then ("Lock file recently modified"); here it is open already.
		try (Connection first = DriverManager.getConnection(url, "sa", "")) {
			assertThat(first.isValid(1)).isTrue();
			start(3, "--spring.profiles.active=h2", "--SAMPLE_H2_FILE=" + file);
			assertEachMigrationAppliedOnce(VERSIONS, url, "sa");
		}
	}

	@Test
	void threeReplicasShareOnePostgresServer() throws Exception {
		try (EmbeddedPostgres server = startPostgres()) {
			takeAMoment("select pg_sleep(3)");
			start(3, "--spring.profiles.active=postgres", "--SAMPLE_DB_PORT=" + server.getPort(),
					"--SAMPLE_DB_NAME=postgres", "--SAMPLE_DB_USER=postgres", "--SAMPLE_DB_PASSWORD=postgres");
			assertEachMigrationAppliedOnce(VERSIONS, server.getJdbcUrl("postgres", "postgres"), "postgres");
			stop();
		}
	}

	private EmbeddedPostgres startPostgres() {
		try {
			return EmbeddedPostgres.start();
		}
		catch (IOException | RuntimeException ex) {
			String message = "Embedded PostgreSQL does not start here: " + ex;
			if (Boolean.parseBoolean(System.getenv("MIGRATE_TEST_REQUIRE_ALL_SERVERS"))) {
				throw new AssertionError(message, ex);
			}
			throw new TestAbortedException(message, ex);
		}
	}

	/**
	 * Add a migration that takes so long that every replica starts before it has ended.
	 */
	private void takeAMoment(String statement) throws IOException {
		Path migrations = Files.createDirectory(this.folder.resolve("migrations"));
		Files.writeString(migrations.resolve("20261101080000_take_a_moment.sql"),
				"-- migrate:up\n" + statement + ";\n-- migrate:down\n");
	}

	private void start(int count, String... arguments) throws IOException {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--migrate.locations=classpath:db/migrations,classpath:db/migrations-{vendor},file:"
				+ this.folder.resolve("migrations"));
		for (int number = 1; number <= count; number++) {
			this.replicas.add(Replica.start(this.folder, "replica-" + number, all));
		}
		for (Replica replica : this.replicas) {
			Awaitility.await()
				.atMost(Duration.ofMinutes(2))
				.pollInterval(Duration.ofMillis(200))
				.until(replica::isReady);
		}
	}

	private void assertEachMigrationAppliedOnce(List<String> versions, String url, String user) throws SQLException {
		List<String> applied = new ArrayList<>();
		for (Replica replica : this.replicas) {
			String status = replica.get("/actuator/migrate").body();
			assertThat(JsonPath.<String>read(status, "$.databases.default.state")).isEqualTo("done");
			applied.addAll(JsonPath.<List<String>>read(status, "$.databases.default.lastRun.applied"));
		}
		assertThat(applied).containsExactlyInAnyOrderElementsOf(versions);
		try (Connection connection = DriverManager.getConnection(url, user, "");
				Statement statement = connection.createStatement()) {
			assertThat(strings(statement, "select version from \"schema_migrations\" order by version"))
				.isEqualTo(versions);
			assertThat(strings(statement, "select sku from products order by sku")).containsExactly("CHAIR-1", "DESK-1",
					"LAMP-1");
		}
	}

	private List<String> strings(Statement statement, String query) throws SQLException {
		List<String> strings = new ArrayList<>();
		try (ResultSet rows = statement.executeQuery(query)) {
			while (rows.next()) {
				strings.add(rows.getString(1));
			}
		}
		return strings;
	}

}
