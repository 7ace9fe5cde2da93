package io.github.migrateboot.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link TestServer} and {@link TestDatabase}.
 */
class TestServerTests {

	@ParameterizedTest
	@EnumSource
	void createsAFreshDatabaseAndDropsIt(TestServer server) throws SQLException {
		TestDatabase first = server.create();
		try (TestDatabase second = server.create()) {
			first.execute("create table t (id int primary key)", "insert into t values (7)");
			assertThat(first.jdbc().queryForObject("select id from t", Integer.class)).isEqualTo(7);
			assertThatException().isThrownBy(() -> second.jdbc().queryForObject("select id from t", Integer.class));
			try (Connection connection = first.pool(1).getConnection()) {
				assertThat(connection.isValid(2)).isTrue();
			}
		}
		first.close();
		if (server != TestServer.SQLITE && server != TestServer.H2) {
			assertThatException().isThrownBy(first::connect);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SQLITE")
	void createsAUserWithoutRights(TestServer server) throws SQLException {
		try (TestDatabase database = server.create()) {
			String user = database.createUserWithoutRights();
			try (Connection connection = database.connectAs(user, "secret");
					var statement = connection.createStatement()) {
				assertThatException().isThrownBy(() -> statement.execute("create table t (id int)"));
			}
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "POSTGRES_EMBEDDED", "MARIADB" })
	void anotherProcessReachesTheDatabase(TestServer server) {
		try (TestDatabase database = server.create()) {
			database.execute("create table t (id int primary key)");
			try (ChildJvm child = ChildJvm.start(Insert.class, database.url(), database.user(), database.password())) {
				assertThat(child.awaitExit(Duration.ofSeconds(30))).as(child.output()).isZero();
				assertThat(child.output()).contains("inserted");
			}
			assertThat(database.jdbc().queryForObject("select id from t", Integer.class)).isEqualTo(42);
		}
	}

	/**
	 * Inserts a row.
	 */
	static final class Insert {

		private Insert() {
		}

		public static void main(String[] args) throws SQLException {
			try (Connection connection = DriverManager.getConnection(args[0], args[1], args[2]);
					var statement = connection.createStatement()) {
				statement.execute("insert into t values (42)");
				System.out.println("inserted");
			}
		}

	}

}
