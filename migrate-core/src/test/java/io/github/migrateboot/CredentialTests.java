package io.github.migrateboot;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * A statement with a credential that fails: nowhere is the credential shown.
 */
@ExtendWith(OutputCaptureExtension.class)
class CredentialTests {

	private static final String SECRET = "Zauber-4711/lehrling";

	@TempDir
	private Path path;

	@ParameterizedTest
	@MethodSource("failing")
	void isNeverShown(TestServer server, String up, CapturedOutput output) {
		MigrationFolder folder = new MigrationFolder(this.path).add("1_role.sql",
				"CREATE TABLE t (a integer);\n" + up.replace("%s", SECRET));
		try (TestDatabase database = server.create()) {
			Migrator migrator = new Migrator(folder.source(), database.connections(),
					MigratorSettings.defaults(Instance.current("tests")));
			MigrationFailedException failure = catchThrowableOfType(MigrationFailedException.class, migrator::migrate);
			StringWriter trace = new StringWriter();
			failure.printStackTrace(new PrintWriter(trace));
			assertThat(trace.toString()).doesNotContain(SECRET).contains("1_role.sql");
			assertThat(failure.getDescription()).doesNotContain(SECRET).contains("***", "line 3");
			assertThat(migrator.migrations()).extracting(MigrationInfo::error)
				.allSatisfy((error) -> assertThat(error).isNotEmpty().doesNotContain(SECRET));
		}
		assertThat(output.getAll()).doesNotContain(SECRET);
	}

	private static Stream<Arguments> failing() {
		return Stream.of(arguments(TestServer.POSTGRES_EMBEDDED, "CREATE ROLE pg_x LOGIN PASSWORD '%s';"),
				arguments(TestServer.POSTGRES_EMBEDDED, "CREATE ROLE x LOGIN PASSWRD '%s' PASSWORD 'a';"),
				arguments(TestServer.POSTGRES_EMBEDDED,
						"DO $$ BEGIN EXECUTE 'CREATE ROLE pg_x PASSWORD ''%s'''; END $$;"),
				arguments(TestServer.POSTGRES_EMBEDDED,
						"CREATE TABLE users (password text CHECK (length(password) > 99)); INSERT INTO users (password) VALUES"
								+ " ('%s');"),
				arguments(TestServer.MARIADB, "CREATE USER x IDENTIFIED BY '%s' FOR EVER;"),
				arguments(TestServer.MARIADB, "CREATE USER x IDENTIFIED BY 'x' FOR '%s';"),
				arguments(TestServer.MYSQL, "CREATE USER x IDENTIFIED BY \"%s\" FOR EVER;"),
				arguments(TestServer.SQLITE, "ATTACH DATABASE '/nowhere/x' AS o KEY '%s';"),
				arguments(TestServer.H2, "ALTER USER nobody SET PASSWORD '%s';"));
	}

}
