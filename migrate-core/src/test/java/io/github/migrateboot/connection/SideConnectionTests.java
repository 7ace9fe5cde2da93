package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.testing.CountingProxy;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SideConnection}.
 */
class SideConnectionTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "H2" })
	void nothingIsLeftOpenIfClosingComesWhileItIsBeingOpened(TestServer server) throws Exception {
		try (TestDatabase database = server.create()) {
			int before = sessions(database);
			CountDownLatch opened = new CountDownLatch(1);
			CountDownLatch closed = new CountDownLatch(1);
			SideConnection side = new SideConnection(() -> {
				Connection connection = database.connect();
				opened.countDown();
				await(closed);
				return connection;
			}, PATIENCE);
			CompletableFuture<Connection> user = CompletableFuture.supplyAsync(() -> get(side));
			assertThat(opened.await(60, TimeUnit.SECONDS)).isTrue();
			assertThat(sessions(database)).isEqualTo(before + 1);
			side.close();
			closed.countDown();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> user.get(60, TimeUnit.SECONDS))
				.withMessageContaining("not needed any more");
			awaitSessions(database, before);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "H2" })
	void borrowedOneGoesBackHoweverItEnds(TestServer server) throws Exception {
		try (TestDatabase database = server.create(); HikariDataSource pool = database.pool(2)) {
			SessionFactory factory = new SessionFactory(borrowing(pool), Instance.current("side"), null);
			try (MigrationSession session = factory.open(null, Map.of())) {
				ConnectionOpener opener = factory.forLock(session);
				CountDownLatch opened = new CountDownLatch(1);
				CountDownLatch closed = new CountDownLatch(1);
				SideConnection side = new SideConnection(() -> {
					Connection connection = opener.open();
					opened.countDown();
					await(closed);
					return connection;
				}, PATIENCE);
				CompletableFuture<Connection> user = CompletableFuture.supplyAsync(() -> get(side));
				assertThat(opened.await(60, TimeUnit.SECONDS)).isTrue();
				assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(2);
				side.close();
				closed.countDown();
				assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> user.get(60, TimeUnit.SECONDS))
					.withMessageContaining("not needed any more");
				awaitActive(pool, 1);
				SideConnection dropped = new SideConnection(opener, PATIENCE);
				Connection first = dropped.get();
				assertThat(dropped.get()).isSameAs(first).isEqualTo(first);
				dropped.drop();
				assertThat(first.isClosed()).isTrue();
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> execute(first))
					.withMessage("The connection has been given back");
				first.close();
				awaitActive(pool, 1);
				assertThat(dropped.get()).isNotEqualTo(first);
				dropped.disconnect();
				awaitActive(pool, 1);
				SideConnection unprepared = new SideConnection(opener, PATIENCE, (connection) -> {
					throw new SQLException("not prepared");
				});
				assertThatExceptionOfType(SQLException.class).isThrownBy(unprepared::get).withMessage("not prepared");
				awaitActive(pool, 1);
			}
			awaitActive(pool, 0);
		}
	}

	private static void awaitActive(HikariDataSource pool, int count) {
		Awaitility.await().atMost(PATIENCE).until(() -> pool.getHikariPoolMXBean().getActiveConnections() == count);
	}

	private static MigrationConnections borrowing(HikariDataSource pool) {
		return new MigrationConnections() {

			@Override
			public Connection borrow() throws SQLException {
				return pool.getConnection();
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) {
				return Optional.empty();
			}

		};
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL", "H2" })
	void nothingIsLeftOpenHoweverItEnds(TestServer server) throws SQLException {
		try (TestDatabase database = server.create()) {
			int before = sessions(database);
			SideConnection dropped = new SideConnection(database::connect, PATIENCE);
			Connection first = dropped.get();
			assertThat(dropped.get()).isSameAs(first);
			dropped.drop();
			assertThat(dropped.ifOpen()).isNull();
			assertThat(dropped.get()).isNotSameAs(first);
			dropped.close();
			SideConnection disconnected = new SideConnection(database::connect, PATIENCE);
			assertThat(disconnected.get().isClosed()).isFalse();
			disconnected.disconnect();
			SideConnection unprepared = new SideConnection(database::connect, PATIENCE, (connection) -> {
				throw new SQLException("not prepared");
			});
			assertThatExceptionOfType(SQLException.class).isThrownBy(unprepared::get).withMessage("not prepared");
			awaitSessions(database, before);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MARIADB", "MYSQL" })
	void answerThatDoesNotComeIsGivenUp(TestServer server) throws SQLException {
		try (TestDatabase database = server.create(); CountingProxy proxy = CountingProxy.to(database.url())) {
			SideConnection side = new SideConnection(database.at(proxy.url(database.url()))::connect,
					Duration.ofMillis(500));
			Connection first = side.get();
			execute(first);
			proxy.blackHole();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> execute(first));
			assertThat(side.get()).isNotSameAs(first);
			execute(side.get());
			side.disconnect();
		}
	}

	@Test
	void connectionThatTheServerHasEndedIsReplaced() throws SQLException {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			SideConnection side = new SideConnection(database::connect, PATIENCE);
			Connection first = side.get();
			database.execute("select pg_terminate_backend(pid) from pg_stat_activity"
					+ " where datname = current_database() and pid <> pg_backend_pid()");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> execute(first));
			execute(side.get());
			side.disconnect();
		}
	}

	private static void execute(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("select 1");
		}
	}

	private static Connection get(SideConnection side) {
		try {
			return side.get();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void awaitSessions(TestDatabase database, int count) {
		Awaitility.await().atMost(PATIENCE).until(() -> sessions(database) == count);
	}

	/**
	 * Count the sessions but for the one that asks.
	 */
	private static int sessions(TestDatabase database) {
		Integer count = database.jdbc().queryForObject(switch (database.server()) {
			case POSTGRES,
					POSTGRES_EMBEDDED ->
				"select count(*) from pg_stat_activity"
						+ " where datname = current_database() and backend_type = 'client backend'"
						+ " and pid <> pg_backend_pid()";
			case MYSQL, MARIADB -> "select count(*) from information_schema.processlist"
					+ " where db = database() and id <> connection_id()";
			default -> "select count(*) from information_schema.sessions where session_id <> session_id()";
		}, Integer.class);
		return (count != null) ? count : -1;
	}

}
