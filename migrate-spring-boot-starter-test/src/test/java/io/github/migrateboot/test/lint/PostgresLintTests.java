package io.github.migrateboot.test.lint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.test.MigrationChecks;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.jdbc.datasource.DriverManagerDataSource;
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

	@TempDir
	private Path folder;

	static Stream<Arguments> cases() {
		List<Corpus.Case> known = Corpus.read("postgresql-corpus.txt");
		Stream<Corpus.Case> others = Stream.of("postgresql-unseen.txt", "postgresql-own.txt", "postgresql-more.txt")
			.flatMap((file) -> Corpus.read(file).stream());
		return Stream.concat(
				Stream.concat(known.stream(), others)
					.flatMap((each) -> Stream.of(arguments(each, TestServer.POSTGRES_EMBEDDED, false),
							arguments(each, TestServer.POSTGRES_EMBEDDED, true))),
				known.stream().map((each) -> arguments(each, TestServer.POSTGRES, true)));
	}

	@ParameterizedTest(name = "{0}, on {1}, with rows: {2}")
	@MethodSource("cases")
	void findsWhatIsThere(Corpus.Case release, TestServer server, boolean rows) throws Exception {
		List<Finding> findings = measure(release, server, rows).stream()
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
	void findsWhatTheReleaseBeforeStumblesOver(Corpus.Case release) throws Exception {
		assertThat(measure(release)).extracting(PostgresLintTests::word)
			.containsExactlyInAnyOrderElementsOf(release.expected());
	}

	static Stream<Corpus.Case> remedied() {
		Set<String> names = Set.of("index, bad", "unique constraint, bad", "reindex, bad", "foreign key, bad",
				"check, bad", "set not null, bad", "refresh, bad", "vacuum full, bad", "gin index, bad",
				"foreign key without a name, bad", "unique column, bad", "check of names in quotes, bad",
				"not null of a name in quotes, bad", "foreign key of names in quotes, bad",
				"unique constraint of names in quotes, bad");
		List<Corpus.Case> cases = Stream
			.of("postgresql-corpus.txt", "postgresql-unseen.txt", "postgresql-own.txt", "postgresql-more.txt")
			.flatMap((file) -> Corpus.read(file).stream())
			.filter((each) -> names.contains(each.name()))
			.toList();
		assertThat(cases).hasSameSizeAs(names);
		return cases.stream();
	}

	@ParameterizedTest
	@MethodSource("remedied")
	void theSafeWayIsSafe(Corpus.Case release) throws Exception {
		String remedy = String.valueOf(measure(release).get(0).remedy());
		List<String> files = Arrays
			.stream(remedy.replace("(<key>)", "(id)").split("(?m)^-- the (next file|file after that).*$"))
			.flatMap((file) -> file.contains("transaction:false") ? file.lines() : Stream.of(file))
			.filter((file) -> !file.isBlank())
			.map((file) -> "-- migrate:up" + (file.contains("transaction:false") ? " transaction:false" : "") + "\n"
					+ file + "\n-- migrate:down\n")
			.toList();
		List<Finding> findings = measure(new Corpus.Case("remedy", List.of(), files));
		assertThat(findings).filteredOn((finding) -> WITH_LOCKS.contains(finding.hazard())).isEmpty();
	}

	private static String word(Finding finding) {
		return finding.hazard().id() + " " + String.valueOf(finding.table()).replace("public.", "");
	}

	private List<Finding> measure(Corpus.Case release) throws IOException, SQLException {
		return measure(release, TestServer.POSTGRES_EMBEDDED, true);
	}

	private List<Finding> measure(Corpus.Case release, TestServer server, boolean rows)
			throws IOException, SQLException {
		FileSystemUtils.deleteRecursively(this.folder);
		Files.createDirectories(this.folder);
		write("0_setup.sql", "-- migrate:up\n" + Corpus.text("postgresql-setup.sql")
				+ (rows ? Corpus.text("postgresql-rows.sql") : "") + "-- migrate:down\n");
		for (int i = 0; i < release.files().size(); i++) {
			write((i + 1) + "_release.sql", release.files().get(i));
		}
		try (TestDatabase database = server.create()) {
			return MigrationChecks.of("file:" + this.folder)
				.against(ownedByPlainUser(database))
				.since("0")
				.measure()
				.findings();
		}
	}

	private static DataSource ownedByPlainUser(TestDatabase database) throws SQLException {
		try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
			if (!statement.executeQuery("select 1 from pg_roles where rolname = 'plain'").next()) {
				statement.execute("create role plain login password 'plain'");
				statement.execute("create role svc");
				statement.execute("set allow_in_place_tablespaces = on");
				statement.execute("create tablespace tsx location ''");
				statement.execute("grant create on tablespace tsx to plain");
			}
			statement.execute("alter database \"%s\" owner to plain".formatted(database.name()));
		}
		return new DriverManagerDataSource(database.url(), "plain", "plain");
	}

	private void write(String name, String content) throws IOException {
		Files.writeString(this.folder.resolve(name), content);
	}

}
