package io.github.migrateboot.autoconfigure;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.Migrator;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests with a user who may have no more connections than there are.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionLimitTests {

	private static final int LIMIT = 3;

	@TempDir
	private Path path;

	private MigrationFolder folder;

	@BeforeEach
	void create() {
		this.folder = new MigrationFolder(this.path);
		this.folder.add("1_first.sql", "create table first (id int);")
			.addWithoutTransaction("2_other.sql", "create table other (id int);");
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "POSTGRES", "MARIADB", "MYSQL" })
	void aFullPoolLendsItsConnection(TestServer server, CapturedOutput output) {
		try (TestDatabase database = server.create();
				HikariDataSource pool = new HikariDataSource(fullPool(limited(database)))) {
			Awaitility.await()
				.until(() -> pool.getHikariPoolMXBean() != null
						&& pool.getHikariPoolMXBean().getTotalConnections() == LIMIT);
			runner().withBean(DataSource.class, () -> pool)
				.run((context) -> assertThat(context.getBean(Migrator.class).migrate().applied()).containsExactly("1",
						"2"));
			assertThat(database.versions()).containsExactly("1", "2");
		}
		assertThat(output).contains("The database refuses a connection beside the application's");
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void anAccountOfItsOwnIsWaitedForAndNamed(TestServer server, CapturedOutput output) throws Exception {
		try (TestDatabase database = server.create()) {
			TestDatabase limited = limited(database);
			List<Connection> all = new ArrayList<>();
			for (int i = 0; i < LIMIT; i++) {
				all.add(limited.connect());
			}
			ApplicationContextRunner runner = runner().withBean(DataSource.class, database::dataSource)
				.withPropertyValues("migrate.username=" + limited.user(), "migrate.password=" + limited.password());
			runner.run((context) -> assertThatExceptionOfType(DatabaseAccessException.class)
				.isThrownBy(context.getBean(Migrator.class)::migrate)
				.withMessageContaining("for which a run needs one beside those that are in use: ")
				.withMessageContaining((server == TestServer.POSTGRES_EMBEDDED) ? "53300" : "1226"));
			CompletableFuture<Void> waiting = CompletableFuture
				.runAsync(() -> runner.withPropertyValues("migrate.connect-timeout=60s")
					.run((context) -> context.getBean(Migrator.class).migrate()));
			Awaitility.await()
				.atMost(Duration.ofSeconds(30))
				.until(() -> output.getOut().contains("Waiting for the database for") || waiting.isDone());
			for (Connection connection : all) {
				connection.close();
			}
			waiting.get(60, TimeUnit.SECONDS);
			assertThat(database.versions()).containsExactly("1", "2");
		}
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MigrateAutoConfiguration.class))
			.withPropertyValues("migrate.locations=" + this.folder.location());
	}

	private static HikariConfig fullPool(TestDatabase database) {
		HikariConfig configuration = new HikariConfig();
		configuration.setJdbcUrl(database.url());
		configuration.setUsername(database.user());
		configuration.setPassword(database.password());
		configuration.setMaximumPoolSize(LIMIT);
		configuration.setMinimumIdle(LIMIT);
		return configuration;
	}

	/**
	 * Return the database as a user sees it who may do everything in it, with few
	 * connections.
	 */
	private static TestDatabase limited(TestDatabase database) {
		String user = database.createUserWithoutRights();
		switch (database.server()) {
			case POSTGRES, POSTGRES_EMBEDDED -> database.execute("alter role " + user + " connection limit " + LIMIT,
					"grant create on schema public to " + user);
			default -> database.execute("alter user " + user + "@'%' with max_user_connections " + LIMIT,
					"grant all on " + database.name() + ".* to " + user + "@'%'");
		}
		return database.as(user, "secret");
	}

}
