package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs in a JVM whose language has digits of its own: neither SQL nor texts may have
 * them.
 */
@ExtendWith(OutputCaptureExtension.class)
class LanguageTests {

	/** On a busy machine it takes a while until somebody looks who blocks. */
	private static final Duration LONG_ENOUGH_TO_LOOK = Duration.ofSeconds(5);

	private final Locale before = Locale.getDefault();

	@TempDir
	private Path path;

	@AfterEach
	void restoreLanguage() {
		Locale.setDefault(this.before);
	}

	@ParameterizedTest
	@CsvSource({ "POSTGRES_EMBEDDED, fa", "MYSQL, ar-EG", "MARIADB, mr", "H2, ne" })
	void whoBlocksIsFound(TestServer server, String language, CapturedOutput output) throws SQLException {
		MigrationFolder folder = new MigrationFolder(this.path).add("1_alter.sql",
				"ALTER TABLE t ADD COLUMN b integer;");
		try (TestDatabase database = server.create(); Connection blocker = database.connect()) {
			database.execute("CREATE TABLE t (a integer)");
			blocker.setAutoCommit(false);
			String session = block(server, blocker);
			Locale.setDefault(Locale.forLanguageTag(language));
			assertThat("%d".formatted(1)).as("one, in this language").isNotEqualTo("1");
			Migrator migrator = new Migrator(folder.source(), database.connections(),
					MigratorSettings.defaults(Instance.current("languages"))
						.withStatement(
								StatementSettings.defaults().withRetries(0).withLockTimeout(LONG_ENOUGH_TO_LOOK)));
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::migrate)
				.withMessageContaining("locked by session " + session)
				.satisfies((failure) -> assertThat(failure.getDescription() + failure.getAction() + output)
					.doesNotContainPattern("[\\p{Nd}&&[^0-9]]"));
			blocker.rollback();
		}
	}

	private static String block(TestServer server, Connection blocker) throws SQLException {
		String session = switch (server) {
			case POSTGRES_EMBEDDED -> "SELECT pg_backend_pid()";
			case H2 -> "SELECT SESSION_ID()";
			default -> "SELECT CONNECTION_ID()";
		};
		try (Statement statement = blocker.createStatement()) {
			// On H2 a reader is in nobody's way.
			statement.execute((server == TestServer.H2) ? "INSERT INTO t VALUES (2)" : "SELECT a FROM t");
			try (ResultSet row = statement.executeQuery(session)) {
				row.next();
				return row.getString(1);
			}
		}
	}

}
