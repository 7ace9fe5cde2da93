package io.github.migrateboot.autoconfigure;

import java.nio.file.Path;
import java.sql.SQLException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.Migrator;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs where everything around is made for short queries.
 */
class HostileSettingsTests {

	@TempDir
	private Path path;

	@Test
	void limitsOfTheRoleTheUrlAndThePoolDoNotEndAMigration() throws SQLException {
		MigrationFolder folder = new MigrationFolder(this.path)
			.add("1_a.sql", "CREATE TABLE t (a integer);\nINSERT INTO t SELECT 1 FROM pg_sleep(2.5);")
			.addWithoutTransaction("2_b.sql",
					"INSERT INTO t SELECT 2 FROM pg_sleep(2.5);\nINSERT INTO t SELECT 3 FROM pg_sleep(0.1);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			String user = database.createUserWithoutRights();
			String alter = "alter role " + user + " in database " + database.name() + " set ";
			database.execute("create schema app authorization " + user, alter + "search_path = app",
					alter + "statement_timeout = '1s'", alter + "lock_timeout = '1s'",
					alter + "idle_in_transaction_session_timeout = '1s'", alter + "idle_session_timeout = '1s'");
			HikariConfig configuration = new HikariConfig();
			configuration.setJdbcUrl(database.url() + (database.url().contains("?") ? "&" : "?") + "socketTimeout=1");
			configuration.setUsername(user);
			configuration.setPassword("secret");
			configuration.setMaximumPoolSize(1);
			configuration.setAutoCommit(false);
			try (HikariDataSource pool = new HikariDataSource(configuration)) {
				Migrator migrator = new Migrator(folder.source(), new DataSourceConnections(pool),
						MigratorSettings.defaults(Instance.current("hostile")));
				assertThat(migrator.migrate().applied()).containsExactly("1", "2");
			}
			JdbcTemplate jdbc = database.jdbc();
			assertThat(jdbc.queryForList("select a from app.t order by a", Integer.class)).containsExactly(1, 2, 3);
			assertThat(jdbc.queryForList("select version from app.schema_migrations order by 1", String.class))
				.containsExactly("1", "2");
		}
	}

}
