package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.CountingProxy;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a run costs on the wire, besides what the pool does by itself and the opening of
 * the run's connection.
 */
abstract class RoundTripTests {

	private static final int MIGRATIONS = 10;

	@TempDir
	private Path path;

	private final TestServer server;

	/** With three statements, two of which are DDL. */
	private final int perMigration;

	/** Once a run, whatever there is to apply. */
	private final int fixed;

	private TestDatabase database;

	private CountingProxy proxy;

	private HikariDataSource pool;

	RoundTripTests(TestServer server, int perMigration, int fixed) {
		this.server = server;
		this.perMigration = perMigration;
		this.fixed = fixed;
	}

	@BeforeEach
	void start() {
		this.database = this.server.create();
		this.proxy = CountingProxy.to(this.database.url());
		HikariConfig configuration = new HikariConfig();
		configuration.setJdbcUrl(proxied(this.database.url()));
		configuration.setUsername(this.database.user());
		configuration.setPassword(this.database.password());
		configuration.setMaximumPoolSize(1);
		// A connection that is borrowed now and then is validated, which costs a round
		// trip.
		System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "60000");
		this.pool = new HikariDataSource(configuration);
	}

	@AfterEach
	void stop() {
		System.clearProperty("com.zaxxer.hikari.aliveBypassWindowMs");
		this.pool.close();
		this.proxy.close();
		this.database.close();
	}

	private String proxied(String url) {
		return this.proxy.url(url);
	}

	private MigrationReport migrate() throws SQLException {
		this.pool.getConnection().close();
		this.proxy.reset();
		return new Migrator(new MigrationFolder(this.path).source(), new Connections(),
				MigratorSettings.defaults(Instance.current("round-trips")))
			.migrate();
	}

	private void addMigrations(int from, int to) {
		addMigrations(from, to, "");
	}

	private void addMigrations(int from, int to, String more) {
		for (int number = from; number <= to; number++) {
			new MigrationFolder(this.path).add("%03d.sql".formatted(number),
					"CREATE TABLE t" + number + " (a integer);\nINSERT INTO t" + number + " VALUES (1);\nCREATE INDEX i"
							+ number + " ON t" + number + " (a);" + more);
		}
	}

	@Test
	void nothingPendingCostsOneAndNoConnection() throws SQLException {
		addMigrations(1, MIGRATIONS);
		migrate();
		assertThat(migrate().applied()).isEmpty();
		assertThat(this.proxy.roundTrips()).isEqualTo(1);
		assertThat(this.proxy.connections()).isZero();
	}

	@Test
	void nothingPendingCostsTwoWhereTheJournalIsMissing() throws SQLException {
		addMigrations(1, 1);
		this.database.execute("create table schema_migrations (version varchar(128) primary key)",
				"insert into schema_migrations values ('001')");
		assertThat(migrate().applied()).isEmpty();
		assertThat(this.proxy.roundTrips()).isEqualTo(2);
		assertThat(this.proxy.connections()).isZero();
	}

	@Test
	void applyingCostsLittleAMigrationOnAnEmptyDatabase() throws SQLException {
		addMigrations(1, MIGRATIONS);
		assertThat(migrate().applied()).hasSize(MIGRATIONS);
		assertThat(this.proxy.connections()).isEqualTo(1);
		int roundTrips = this.proxy.roundTrips();
		assertThat(roundTrips - opening()).isLessThanOrEqualTo(this.perMigration * MIGRATIONS + this.fixed);
	}

	@Test
	void applyingCostsLittleAMigrationOnADatabaseWithHistory() throws SQLException {
		addMigrations(1, 1);
		migrate();
		addMigrations(2, MIGRATIONS);
		assertThat(migrate().applied()).hasSize(MIGRATIONS - 1);
		int roundTrips = this.proxy.roundTrips();
		assertThat(roundTrips - opening()).isLessThanOrEqualTo(this.perMigration * (MIGRATIONS - 1) + this.fixed);
	}

	/**
	 * Count what ten migrations cost that each have something more.
	 */
	final int roundTrips(String more) throws SQLException {
		addMigrations(1, MIGRATIONS, more);
		assertThat(migrate().applied()).hasSize(MIGRATIONS);
		int roundTrips = this.proxy.roundTrips();
		return roundTrips - opening();
	}

	/**
	 * Count what the driver needs to open a connection.
	 */
	private int opening() throws SQLException {
		int before = this.proxy.roundTrips();
		try (Connection connection = new Connections().open(Map.of()).orElseThrow()) {
			assertThat(connection.isClosed()).isFalse();
			return this.proxy.roundTrips() - before;
		}
	}

	private final class Connections implements MigrationConnections {

		@Override
		public Connection borrow() throws SQLException {
			return RoundTripTests.this.pool.getConnection();
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
			Properties properties = new Properties();
			properties.setProperty("user", RoundTripTests.this.database.user());
			properties.setProperty("password", RoundTripTests.this.database.password());
			properties.putAll(driverProperties);
			return Optional.of(DriverManager.getConnection(proxied(RoundTripTests.this.database.url()), properties));
		}

	}

}
