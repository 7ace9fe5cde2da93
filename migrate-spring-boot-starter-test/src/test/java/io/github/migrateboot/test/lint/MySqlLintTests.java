package io.github.migrateboot.test.lint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.test.MigrationChecks;
import io.github.migrateboot.testing.InstalledMariaDb;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Each hazard is found on MySQL and MariaDB, and nothing else, whether tables are empty
 * or not, by a user who may use nothing but a database.
 */
class MySqlLintTests {

	private static final List<Hazard> OF_STATEMENTS = List.of(Hazard.COPY, Hazard.TRUNCATE);

	@TempDir
	private Path folder;

	/**
	 * The servers. The newer MariaDB copies without being asked whether it may, and the
	 * older one refuses.
	 */
	enum Server {

		MYSQL, MARIADB, MARIADB_INSTALLED;

		TestDatabase create() {
			return switch (this) {
				case MYSQL -> TestServer.MYSQL.create();
				case MARIADB -> TestServer.MARIADB.create();
				case MARIADB_INSTALLED -> InstalledMariaDb.create();
			};
		}

	}

	static Stream<Arguments> cases() {
		Stream<Arguments> both = Corpus.read("mysql-corpus.txt")
			.stream()
			.flatMap((each) -> Stream.of(Server.values())
				.flatMap((server) -> Stream.of(arguments(each, server, false), arguments(each, server, true))));
		Stream<Arguments> mySql = Corpus.read("mysql-only.txt")
			.stream()
			.flatMap((each) -> Stream.of(arguments(each, Server.MYSQL, false), arguments(each, Server.MYSQL, true)));
		return Stream.concat(both, mySql);
	}

	@ParameterizedTest(name = "{0}, on {1}, with rows: {2}")
	@MethodSource("cases")
	void findsWhatIsThere(Corpus.Case release, Server server, boolean rows) throws Exception {
		assertThat(measure(release, server, rows)).filteredOn((finding) -> OF_STATEMENTS.contains(finding.hazard()))
			.extracting(MySqlLintTests::word)
			.containsExactlyInAnyOrderElementsOf(release.expected());
	}

	static Stream<Arguments> contracts() {
		return Corpus.read("mysql-contract.txt")
			.stream()
			.flatMap((each) -> Stream.of(arguments(each, Server.MYSQL), arguments(each, Server.MARIADB)));
	}

	@ParameterizedTest(name = "{0}, on {1}")
	@MethodSource("contracts")
	void findsWhatTheReleaseBeforeStumblesOver(Corpus.Case release, Server server) throws Exception {
		assertThat(measure(release, server, true)).extracting(MySqlLintTests::word)
			.containsExactlyInAnyOrderElementsOf(release.expected());
	}

	@Test
	void saysWhatTheServerSaidAndTheSafeWay() throws Exception {
		Corpus.Case release = new Corpus.Case("fk", List.of(), List.of("-- migrate:up\n\nalter table t add foreign key"
				+ " (parent_id) references parent (id);\n-- migrate:down\n"));
		assertThat(measure(release, Server.MYSQL, true)).singleElement().satisfies((finding) -> {
			assertThat(finding.place()).isEqualTo(new Finding.Place("1_release.sql", 3, 1));
			assertThat(finding.lock()).isEqualTo("LOCK=SHARED");
			assertThat(finding.effect()).startsWith("t can't be altered so while others write to it (")
				.contains("code 1846", "each insert, update and delete waits");
			assertThat(finding.remedy()).contains("set foreign_key_checks = 0;");
		});
		assertThat(measure(release, Server.MARIADB, true)).singleElement().satisfies((finding) -> {
			assertThat(finding.lock()).isNull();
			assertThat(finding.effect()).startsWith("t is copied, while others write to it");
		});
	}

	private static String word(Finding finding) {
		return finding.hazard().id() + " " + String.valueOf(finding.table()).replaceFirst(".*\\.", "");
	}

	private List<Finding> measure(Corpus.Case release, Server server, boolean rows) throws IOException {
		FileSystemUtils.deleteRecursively(this.folder);
		Files.createDirectories(this.folder);
		write("0_setup.sql", "-- migrate:up\n" + Corpus.text("mysql-setup.sql")
				+ (rows ? Corpus.text("mysql-rows.sql") : "") + "-- migrate:down\n");
		for (int i = 0; i < release.files().size(); i++) {
			write((i + 1) + "_release.sql", release.files().get(i));
		}
		try (TestDatabase database = server.create()) {
			return MigrationChecks.of("file:" + this.folder)
				.against(asPlainUser(database))
				.since("0")
				.measure()
				.findings();
		}
	}

	private static DataSource asPlainUser(TestDatabase database) {
		String name = database.createUserWithoutRights();
		database.execute("GRANT ALL ON " + database.name() + ".* TO " + name + "@'%'");
		return new DriverManagerDataSource(database.url(), name, "secret");
	}

	private void write(String name, String content) throws IOException {
		Files.writeString(this.folder.resolve(name), content);
	}

}
