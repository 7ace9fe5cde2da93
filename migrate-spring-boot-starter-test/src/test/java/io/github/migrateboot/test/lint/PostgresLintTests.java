package io.github.migrateboot.test.lint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.test.MigrationChecks;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Each hazard is found on PostgreSQL, and nothing else, whether tables are empty or not,
 * by a user who owns nothing but a database.
 */
class PostgresLintTests {

	private static final Set<Hazard> WITH_LOCKS = EnumSet.of(Hazard.REWRITE, Hazard.INDEX_BUILD, Hazard.SCAN_UNDER_LOCK,
			Hazard.HELD_THROUGH, Hazard.TRUNCATE, Hazard.COPY);

	private static EmbeddedPostgres server;

	private static int databases;

	@TempDir
	private Path folder;

	@BeforeAll
	static void start() throws IOException {
		try {
			server = EmbeddedPostgres.builder().setServerConfig("allow_in_place_tablespaces", "on").start();
		}
		catch (IOException | RuntimeException ex) {
			String message = "Embedded PostgreSQL does not start here: " + ex;
			if (Boolean.parseBoolean(System.getenv("MIGRATE_TEST_REQUIRE_ALL_SERVERS"))) {
				throw new AssertionError(message, ex);
			}
			throw new TestAbortedException(message, ex);
		}
		JdbcTemplate admin = new JdbcTemplate(server.getPostgresDatabase());
		admin.execute("create tablespace tsx location ''");
		admin.execute("create role plain login; create role svc; grant create on tablespace tsx to plain");
	}

	@AfterAll
	static void stop() throws IOException {
		if (server != null) {
			server.close();
		}
	}

	private static DataSource database() {
		String name = "lint_" + (++databases);
		new JdbcTemplate(server.getPostgresDatabase()).execute("create database " + name + " owner plain");
		return server.getDatabase("plain", name);
	}

	static Stream<Arguments> cases() {
		return Stream.of("postgresql-corpus.txt", "postgresql-unseen.txt", "postgresql-own.txt")
			.flatMap((file) -> Corpus.read(file).stream())
			.flatMap((each) -> Stream.of(arguments(each, false), arguments(each, true)));
	}

	@ParameterizedTest(name = "{0}, with rows: {1}")
	@MethodSource("cases")
	void findsWhatIsThere(Corpus.Case release, boolean rows) throws IOException {
		List<Finding> findings = measure(release, rows).stream()
			.filter((finding) -> WITH_LOCKS.contains(finding.hazard()))
			.toList();
		if (release.expected().isEmpty()) {
			assertThat(findings).isEmpty();
		}
		else {
			assertThat(findings).extracting(PostgresLintTests::word).containsAll(release.expected());
		}
	}

	static Stream<Corpus.Case> contracts() {
		return Corpus.read("postgresql-contract.txt").stream();
	}

	@ParameterizedTest
	@MethodSource("contracts")
	void findsWhatTheReleaseBeforeStumblesOver(Corpus.Case release) throws IOException {
		assertThat(measure(release, true)).extracting(PostgresLintTests::word)
			.containsExactlyInAnyOrderElementsOf(release.expected());
	}

	static Stream<Corpus.Case> remedied() {
		Set<String> names = Set.of("index, bad", "unique constraint, bad", "reindex, bad", "foreign key, bad",
				"check, bad", "set not null, bad", "refresh, bad", "vacuum full, bad", "gin index, bad",
				"foreign key without a name, bad", "unique column, bad");
		List<Corpus.Case> cases = Stream.of("postgresql-corpus.txt", "postgresql-unseen.txt", "postgresql-own.txt")
			.flatMap((file) -> Corpus.read(file).stream())
			.filter((each) -> names.contains(each.name()))
			.toList();
		assertThat(cases).hasSameSizeAs(names);
		return cases.stream();
	}

	@ParameterizedTest
	@MethodSource("remedied")
	void theSafeWayIsSafe(Corpus.Case release) throws IOException {
		String remedy = String.valueOf(measure(release, true).get(0).remedy());
		List<String> files = Arrays
			.stream(remedy.replace("(<key>)", "(id)").split("(?m)^-- the (next file|file after that).*$"))
			.flatMap((file) -> file.contains("transaction:false") ? file.lines() : Stream.of(file))
			.filter((file) -> !file.isBlank())
			.map((file) -> "-- migrate:up" + (file.contains("transaction:false") ? " transaction:false" : "") + "\n"
					+ file + "\n-- migrate:down\n")
			.toList();
		List<Finding> findings = measure(new Corpus.Case("remedy", List.of(), files), true);
		assertThat(findings).filteredOn((finding) -> WITH_LOCKS.contains(finding.hazard())).isEmpty();
	}

	private static String word(Finding finding) {
		return finding.hazard().id() + " " + String.valueOf(finding.table()).replace("public.", "");
	}

	private List<Finding> measure(Corpus.Case release, boolean rows) throws IOException {
		FileSystemUtils.deleteRecursively(this.folder);
		Files.createDirectories(this.folder);
		write("0_setup.sql", "-- migrate:up\n" + Corpus.text("postgresql-setup.sql")
				+ (rows ? Corpus.text("postgresql-rows.sql") : "") + "-- migrate:down\n");
		for (int i = 0; i < release.files().size(); i++) {
			write((i + 1) + "_release.sql", release.files().get(i));
		}
		return MigrationChecks.of("file:" + this.folder).against(database()).since("0").measure().findings();
	}

	private void write(String name, String content) throws IOException {
		Files.writeString(this.folder.resolve(name), content);
	}

}
