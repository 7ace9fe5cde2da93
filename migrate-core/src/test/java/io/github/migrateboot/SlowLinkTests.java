package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import io.github.migrateboot.testing.ThrottlingProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Large statements and answers take their time over a slow link, which is not taken for a
 * lost answer.
 */
@ExtendWith(OutputCaptureExtension.class)
class SlowLinkTests {

	private static final int BYTES_PER_SECOND = 400_000;

	@TempDir
	private Path path;

	private TestDatabase database;

	private MigrationFolder folder;

	@BeforeEach
	void createDatabase() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		this.folder = new MigrationFolder(this.path);
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	private void migrate(String parameters, int expected, CapturedOutput output) {
		try (ThrottlingProxy link = ThrottlingProxy.to(this.database.url() + parameters, BYTES_PER_SECOND)) {
			TestDatabase far = link.through(this.database.at(this.database.url() + parameters));
			Migrator migrator = new Migrator(this.folder.source(), far.connections(),
					MigratorSettings.defaults(Instance.current("far"))
						.withLock(LockSettings.defaults().withReportInterval(Duration.ofMillis(400))));
			assertThat(migrator.migrate().applied()).hasSize(expected);
		}
		assertThat(output).contains("has been running for").doesNotContain("The wait for it ends");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?preferQueryMode=simple", "?autosave=always" })
	void largeStatementsBehindManySmallOnes(String parameters, CapturedOutput output) {
		String small = "insert into t values ('a');\n";
		String large = "insert into t values ('" + "x".repeat(1_400_000) + "');\n";
		this.folder.add("1_large.sql", "create table t (a text);\n" + small.repeat(252) + large + small + large);
		migrate(parameters, 1, output);
		assertThat(this.database.jdbc().queryForObject("select count(*) from t", Integer.class)).isEqualTo(255);
	}

	@Test
	void largeStatementsOutsideATransaction(CapturedOutput output) {
		String large = "insert into t values ('" + "x".repeat(1_400_000) + "');\n";
		this.folder.addWithoutTransaction("1_large.sql", "create table t (a text);\n" + large + large);
		migrate("", 1, output);
	}

	@Test
	void largeAnswers(CapturedOutput output) {
		String query = "select repeat('x', 1000) from generate_series(1, 3000);\n";
		this.folder.add("1_large.sql", query).addWithoutTransaction("2_large.sql", query);
		migrate("", 2, output);
	}

	@Test
	void largeCopies(CapturedOutput output) {
		String copy = "copy t from stdin;\n" + ("x".repeat(999) + "\n").repeat(1500) + "\\.\n";
		this.folder.add("1_copy.sql", "create table t (a text);\n" + copy).addWithoutTransaction("2_copy.sql", copy);
		migrate("", 2, output);
		assertThat(this.database.jdbc().queryForObject("select count(*) from t", Integer.class)).isEqualTo(3000);
	}

}
