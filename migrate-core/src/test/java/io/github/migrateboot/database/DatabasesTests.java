package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.stream.Stream;

import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.testing.CountingProxy;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Databases}.
 */
class DatabasesTests {

	@ParameterizedTest
	@EnumSource
	void recognizesEachServer(TestServer server) throws SQLException {
		try (TestDatabase database = server.create(); Connection connection = database.connect()) {
			Database detected = Databases.detect(connection);
			assertThat(detected.id()).isEqualTo(switch (server) {
				case POSTGRES, POSTGRES_EMBEDDED -> "postgresql";
				case MYSQL -> "mysql";
				case MARIADB -> "mariadb";
				case SQLITE -> "sqlite";
				case H2 -> "h2";
			});
			assertThat(detected.has(Capability.TRANSACTIONAL_DDL))
				.isEqualTo(detected.id().equals("postgresql") || detected.id().equals("sqlite"));
			Server probed = Databases.probe(connection);
			assertThat(probed.database()).hasSameClassAs(detected).returns(detected.id(), Database::id);
			assertThat(probed.database().rules().syntax()).isEqualTo(detected.syntax());
			assertThat(probed.database().rules().version())
				.isEqualTo((detected instanceof MySql || detected instanceof H2) ? probed.version() : "");
		}
	}

	static Stream<Arguments> driversAndServers() {
		return Stream.of(Arguments.of("postgresql", TestServer.POSTGRES_EMBEDDED),
				Arguments.of("mariadb", TestServer.MARIADB), Arguments.of("mysql", TestServer.MARIADB),
				Arguments.of("mysql", TestServer.MYSQL), Arguments.of("mariadb", TestServer.MYSQL));
	}

	@ParameterizedTest
	@MethodSource("driversAndServers")
	void recognizesTheServerThroughAnyDriverWithoutAskingIt(String driver, TestServer server) throws SQLException {
		try (TestDatabase database = server.create();
				CountingProxy proxy = CountingProxy.to(database.url());
				Connection connection = DriverManager.getConnection(proxy.url(url(database, driver)), database.user(),
						database.password())) {
			int before = proxy.roundTrips();
			Database detected = Databases.detect(connection);
			assertThat(proxy.roundTrips()).isEqualTo(before);
			assertThat(before).isPositive();
			assertThat(detected.id()).isEqualTo((server == TestServer.POSTGRES_EMBEDDED) ? "postgresql"
					: (server == TestServer.MYSQL) ? "mysql" : "mariadb");
			Databases.probe(connection);
			assertThat(proxy.roundTrips()).isEqualTo(before + 1);
		}
	}

	private static String url(TestDatabase database, String driver) {
		String url = database.url().replaceFirst("jdbc:(mysql|mariadb|postgresql)", "jdbc:" + driver);
		return url.contains("?") || driver.equals("postgresql") ? url
				: url + "?sslMode=DISABLED&allowPublicKeyRetrieval=true";
	}

	@Test
	void refusesOtherDatabasesByName() {
		assertThatExceptionOfType(UnsupportedDatabaseException.class)
			.isThrownBy(() -> Databases.named("Oracle", "23ai"))
			.satisfies((ex) -> {
				assertThat(ex.getDescription()).isEqualTo("The database is Oracle, which is not supported.");
				assertThat(ex.getAction()).contains("PostgreSQL 14", "MySQL 8.4", "MariaDB 10.6", "SQLite", "H2 2.x");
			});
	}

}
