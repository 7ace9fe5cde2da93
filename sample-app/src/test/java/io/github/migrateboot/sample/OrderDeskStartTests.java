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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ways in which the whole application can be started, besides the default.
 */
class OrderDeskStartTests {

	private static final List<String> VERSIONS = List.of("20261101090000", "20261101100000", "20261101110000",
			"20261101120000", "20261101130000", "20261101140000", "20261101150000");

	private static final String WEB_SERVER = "Tomcat started on port";

	@TempDir
	private Path folder;

	private Replica replica;

	@AfterEach
	void stop() throws InterruptedException {
		if (this.replica != null) {
			this.replica.stop();
		}
	}

	@Test
	void inThePhaseStartupItMigratesBeforeItListens() throws Exception {
		start("--migrate.phase=startup");
		awaitReady();
		assertThat(this.replica.log()).containsSubsequence("Applied 7 migrations", WEB_SERVER)
			.doesNotContain("Nothing to migrate");
		assertThat(JsonPath.<String>read(status(), "$.databases.default.state")).isEqualTo("done");
		assertThat(this.replica.get("/products").body()).contains("DESK-1");
	}

	@Test
	void inThePhaseStartupAFailureEndsItBeforeItListens() throws Exception {
		start("--migrate.phase=startup", "--migrate.locations=classpath:db/migrations," + brokenMigration());
		assertThat(this.replica.awaitExit()).as(this.replica.log()).isOne();
		assertThat(this.replica.log()).contains("APPLICATION FAILED TO START", "20261201000000_broken.sql failed")
			.doesNotContain(WEB_SERVER);
	}

	@Test
	void withTwoDatabasesItMigratesEachWithItsOwnFiles() throws Exception {
		start("--spring.profiles.active=archive", "--SAMPLE_ARCHIVE_FILE=" + archive());
		awaitReady();
		assertThat(JsonPath.<List<String>>read(status(), "$.databases.orders.lastRun.applied"))
			.containsExactlyElementsOf(VERSIONS);
		assertThat(JsonPath.<List<String>>read(status(), "$.databases.archive.lastRun.applied"))
			.containsExactly("20261101160000");
		assertThat(versions(orders())).containsExactlyElementsOf(VERSIONS);
		assertThat(versions(archive())).containsExactly("20261101160000");
		assertThat(this.replica.get("/products").body()).contains("DESK-1");
		assertThat(this.replica.log()).containsSubsequence("Migrating database 'orders' (1 of 2)",
				"Migrating database 'archive' (2 of 2)");
	}

	@Test
	void asAJobItMigratesAndEndsWithZero() throws Exception {
		start("--migrate.mode=apply-and-exit", "--spring.profiles.active=archive",
				"--SAMPLE_ARCHIVE_FILE=" + archive());
		assertThat(this.replica.awaitExit()).as(this.replica.log()).isZero();
		assertThat(this.replica.log()).doesNotContain(WEB_SERVER);
		assertThat(versions(orders())).containsExactlyElementsOf(VERSIONS);
		assertThat(versions(archive())).containsExactly("20261101160000");
	}

	@Test
	void asAJobItEndsWithOneIfAMigrationFails() throws Exception {
		start("--migrate.mode=apply-and-exit", "--migrate.locations=classpath:db/migrations," + brokenMigration());
		assertThat(this.replica.awaitExit()).as(this.replica.log()).isOne();
		assertThat(this.replica.log()).contains("APPLICATION FAILED TO START", "20261201000000_broken.sql failed")
			.doesNotContain(WEB_SERVER);
		assertThat(versions(orders())).containsExactlyElementsOf(VERSIONS.subList(0, 5));
	}

	private void start(String... arguments) throws IOException {
		List<String> all = new ArrayList<>(List.of("--SAMPLE_SQLITE_FILE=" + orders()));
		all.addAll(List.of(arguments));
		this.replica = Replica.start(this.folder, "replica", all);
	}

	private void awaitReady() {
		Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.pollInterval(Duration.ofMillis(200))
			.until(this.replica::isReady);
	}

	private String brokenMigration() throws IOException {
		Path migrations = Files.createDirectory(this.folder.resolve("migrations"));
		Files.writeString(migrations.resolve("20261201000000_broken.sql"),
				"-- migrate:up\ncreate tabel broken (id int);\n-- migrate:down\n");
		return "file:" + migrations;
	}

	private Path orders() {
		return this.folder.resolve("orders.db");
	}

	private Path archive() {
		return this.folder.resolve("archive.db");
	}

	private String status() {
		return this.replica.get("/actuator/migrate").body();
	}

	private static List<String> versions(Path database) throws SQLException {
		List<String> versions = new ArrayList<>();
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("select version from schema_migrations order by version")) {
			while (rows.next()) {
				versions.add(rows.getString(1));
			}
		}
		return versions;
	}

}
