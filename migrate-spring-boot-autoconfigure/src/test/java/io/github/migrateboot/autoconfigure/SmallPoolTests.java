package io.github.migrateboot.autoconfigure;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.Migrator;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.ConnectionMismatchException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs with the application's pool as small and as unusual as it may be.
 */
class SmallPoolTests {

	private static final MigratorSettings SETTINGS = MigratorSettings.defaults(Instance.current("pool"));

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private static HikariConfig onlyConnection(String url, String user, String password) {
		HikariConfig configuration = new HikariConfig();
		configuration.setJdbcUrl(url);
		configuration.setUsername(user);
		configuration.setPassword(password);
		configuration.setMaximumPoolSize(1);
		configuration.setConnectionTimeout(5000);
		return configuration;
	}

	@ParameterizedTest
	@EnumSource
	void poolOfOneInManualCommitIsGivenBackAsItWas(TestServer server) throws SQLException {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);")
			.addWithoutTransaction("2_row.sql", "INSERT INTO t VALUES (2);");
		try (TestDatabase database = server.create()) {
			HikariConfig configuration = onlyConnection(database.url(), database.user(), database.password());
			configuration.setAutoCommit(false);
			try (HikariDataSource pool = new HikariDataSource(configuration)) {
				Migrator migrator = new Migrator(folder().source(), new DataSourceConnections(pool), SETTINGS);
				assertThat(migrator.migrate().applied()).containsExactly("1", "2");
				assertThat(migrator.migrate().alreadyApplied()).isEqualTo(2);
				try (Connection connection = pool.getConnection()) {
					assertThat(connection.getAutoCommit()).isFalse();
				}
				assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
			}
			assertThat(database.versions()).containsExactly("1", "2");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:small-pool", "jdbc:sqlite::memory:" })
	void inMemoryDatabaseIsMigratedOnTheConnectionThatHasIt(String url) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);").add("2_row.sql", "INSERT INTO t VALUES (2);");
		try (HikariDataSource pool = new HikariDataSource(onlyConnection(url, "", ""))) {
			Migrator migrator = new Migrator(folder().source(), new DataSourceConnections(pool), SETTINGS);
			assertThat(migrator.migrate().applied()).containsExactly("1", "2");
			assertThat(migrator.status().lock()).contains("can reach this database");
			assertThat(new JdbcTemplate(pool).queryForList("SELECT a FROM t", Integer.class)).containsExactly(2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "H2" })
	void schemaOfThePoolIsMigrated(TestServer server) throws SQLException {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = server.create()) {
			String schema = (server == TestServer.MARIADB) ? database.name() + "_app" : "app";
			database.execute("CREATE SCHEMA " + database.quoted(schema));
			HikariConfig configuration = onlyConnection(database.url(), database.user(), database.password());
			configuration.setSchema(schema);
			configuration.setCatalog((server == TestServer.MARIADB) ? schema : null);
			try (HikariDataSource pool = new HikariDataSource(configuration)) {
				new Migrator(folder().source(), new DataSourceConnections(pool), SETTINGS).migrate();
				assertThat(database.jdbc()
					.queryForList("SELECT table_name FROM information_schema.tables WHERE table_schema = ?"
							+ " ORDER BY lower(table_name)", String.class, schema)
					.stream()
					.map(String::toLowerCase)).contains("schema_migrations", "schema_migrations_journal", "t");
			}
			finally {
				database.execute(
						"DROP SCHEMA " + database.quoted(schema) + ((server == TestServer.MARIADB) ? "" : " CASCADE"));
			}
		}
	}

	@Test
	void connectionThatLeadsElsewhereStopsTheRun() {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase application = TestServer.POSTGRES_EMBEDDED.create();
				TestDatabase other = TestServer.POSTGRES_EMBEDDED.create()) {
			MigrationConnections connections = new MigrationConnections() {

				@Override
				public Connection borrow() {
					return application.connect();
				}

				@Override
				public Optional<Connection> open(Map<String, String> driverProperties) {
					return Optional.of(other.connect(driverProperties));
				}

			};
			assertThatExceptionOfType(ConnectionMismatchException.class)
				.isThrownBy(new Migrator(folder().source(), connections, SETTINGS)::migrate)
				.withMessageContaining(application.name())
				.withMessageContaining(other.name());
			assertThat(other.jdbc()
				.queryForList("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", String.class))
				.isEqualTo(List.of());
		}
	}

	@Test
	void connectionOfThePoolServesWhereNoneCanBeDerived() throws SQLException {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create(); HikariDataSource pool = database.pool(1)) {
			MigrationConnections connections = new MigrationConnections() {

				@Override
				public Connection borrow() throws SQLException {
					return pool.getConnection();
				}

				@Override
				public Optional<Connection> open(Map<String, String> driverProperties) {
					return Optional.empty();
				}

			};
			JdbcTemplate jdbc = new JdbcTemplate(pool);
			String settings = "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings"
					+ " WHERE name LIKE '%timeout%' OR name IN ('application_name', 'search_path')";
			String before = jdbc.queryForObject(settings, String.class);
			new Migrator(folder().source(), connections, SETTINGS).migrate();
			assertThat(jdbc.queryForObject(settings, String.class)).isEqualTo(before);
			assertThat(jdbc.queryForObject("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'", Integer.class))
				.isZero();
		}
	}

}
