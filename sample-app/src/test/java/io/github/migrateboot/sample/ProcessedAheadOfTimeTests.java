package io.github.migrateboot.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole application as the build has processed it ahead of time, and what other
 * starts for the sake of a later one do.
 */
class ProcessedAheadOfTimeTests {

	private static final List<String> PROCESSED = List.of("-Dspring.aot.enabled=true");

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
	void migratesWhenItRuns() throws IOException {
		start(PROCESSED);
		awaitReady();
		assertThat(this.replica.log()).contains("Starting AOT-processed OrderDeskApplication");
		assertThat(JsonPath.<String>read(status(), "$.databases.default.state")).isEqualTo("done");
		assertThat(JsonPath.<List<String>>read(status(), "$.databases.default.lastRun.applied")).hasSize(7);
		assertThat(this.replica.get("/products").body()).contains("DESK-1");
	}

	@Test
	void asksOnlyThenWhetherMigrationsAreEnabled() throws IOException {
		start(PROCESSED, "--migrate.enabled=false");
		awaitReady();
		assertThat(this.replica.log()).contains("Starting AOT-processed OrderDeskApplication")
			.contains("migrate.enabled is false");
		assertThat(JsonPath.<String>read(status(), "$.databases.default.state")).isEqualTo("pending");
	}

	@Test
	void takesLocationsFromTheirConfigurationThen() throws IOException {
		Path migrations = Files.createDirectory(this.folder.resolve("migrations"));
		Files.writeString(migrations.resolve("7_only.sql"),
				"-- migrate:up\ncreate table only (id int);\n-- migrate:down\n");
		start(PROCESSED, "--migrate.locations=file:" + migrations);
		awaitReady();
		assertThat(JsonPath.<List<String>>read(status(), "$.databases.default.lastRun.applied")).containsExactly("7");
	}

	@Test
	void keepsTheMigrationFilesForANativeImage() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("target/spring-aot/main/resources"))) {
			Path metadata = files.filter((file) -> file.endsWith("reachability-metadata.json"))
				.findFirst()
				.orElseThrow();
			assertThat(JsonPath.<List<String>>read(Files.readString(metadata), "$.resources[*].glob"))
				.contains("db/migrations/*.sql", "db/migrations-*/*.sql");
		}
	}

	@Test
	void aTrainingRunMigratesNothing() throws Exception {
		start(List.of("-Dspring.context.exit=onRefresh"));
		assertThat(this.replica.awaitExit()).as(this.replica.log()).isZero();
		assertThat(tables()).isEmpty();
	}

	@Test
	void aTrainingRunInThePhaseStartupMigratesNothing() throws Exception {
		start(List.of("-Dspring.context.exit=onRefresh"), "--migrate.phase=startup");
		assertThat(this.replica.awaitExit()).as(this.replica.log()).isZero();
		assertThat(this.replica.log()).contains("a training run or a checkpoint");
		assertThat(tables()).isEmpty();
	}

	@Test
	void aTrainingRunOfTheProcessedApplicationMigratesNothing() throws Exception {
		start(List.of("-Dspring.context.exit=onRefresh", "-Dspring.aot.enabled=true"));
		assertThat(this.replica.awaitExit()).as(this.replica.log()).isZero();
		assertThat(this.replica.log()).contains("Starting AOT-processed OrderDeskApplication");
		assertThat(tables()).isEmpty();
	}

	private void start(List<String> options, String... arguments) throws IOException {
		List<String> all = new ArrayList<>(List.of("--SAMPLE_SQLITE_FILE=" + database()));
		all.addAll(List.of(arguments));
		this.replica = Replica.start(this.folder, "replica", options, all);
	}

	private Path database() {
		return this.folder.resolve("orders.db");
	}

	private void awaitReady() {
		Awaitility.await()
			.atMost(Duration.ofMinutes(2))
			.pollInterval(Duration.ofMillis(200))
			.until(this.replica::isReady);
	}

	private String status() {
		return this.replica.get("/actuator/migrate").body();
	}

	private List<String> tables() throws SQLException {
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
				ResultSet rows = connection.getMetaData().getTables(null, null, "%", new String[] { "TABLE" })) {
			return rows.next() ? List.of(rows.getString("TABLE_NAME")) : List.of();
		}
	}

}
