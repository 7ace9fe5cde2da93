package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PostgreSql} behind a real PgBouncer; skipped where there is none.
 */
class PgBouncerTests {

	private static final Instance INSTANCE = new Instance("web-1", 17, "orders");

	private final PostgreSql postgreSql = new PostgreSql();

	@Test
	void recognisesAPoolerInTransactionMode() throws SQLException {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				PgBouncer pgBouncer = PgBouncer.start(database);
				Connection pooled = pgBouncer.through(database).connect();
				Connection direct = database.connect()) {
			Server server = Databases.probe(pooled);
			assertThat(server.database().isPooled()).isTrue();
			assertThat(server.database().id()).isEqualTo("postgresql");
			assertThat(Databases.probe(direct).database().isPooled()).isFalse();
			assertThat(server.destination()).isEqualTo(Databases.probe(direct).destination());
			assertThat(this.postgreSql.isPooled()).isFalse();
		}
	}

	@Test
	void setsNothingForTheSession() throws SQLException {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				PgBouncer pgBouncer = PgBouncer.start(database, "default_pool_size = 1");
				Connection other = pgBouncer.through(database).connect();
				Connection pooled = pgBouncer.through(database).connect()) {
			Map<String, String> before = Jdbc.pairs(other, "select name, setting from pg_settings");
			SessionState state = Databases.probe(pooled).database().sessions().prepare(pooled, INSTANCE);
			assertThat(Jdbc.pairs(other, "select name, setting from pg_settings")).isEqualTo(before);
			assertThat(state.original()).isEmpty();
			assertThat(state.atBegin()).isNotEmpty();
			// Outside a transaction there is no note of what to restore.
			Jdbc.execute(other, "set work_mem = '9MB'");
			for (String sql : state.betweenMigrations()) {
				Jdbc.execute(pooled, sql);
			}
			assertThat(Jdbc.onlyRow(other, "show work_mem")).containsExactly("9MB");
		}
	}

	@Test
	void preparesNothingInTheServer() throws SQLException {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				PgBouncer pgBouncer = PgBouncer.start(database);
				Connection pooled = pgBouncer.through(database).connect();
				Connection busy = pgBouncer.through(database).connect()) {
			Database known = Databases.probe(pooled).database();
			known.sessions().prepare(pooled, INSTANCE);
			assertThat(backends(pooled, busy)).hasSizeGreaterThan(1);
			Map<String, String> properties = known.sessions()
				.driverProperties(INSTANCE, pooled.getMetaData().getDriverName());
			try (Connection second = pgBouncer.through(database).connect(properties)) {
				assertThat(backends(second, busy)).hasSizeGreaterThan(1);
			}
		}
	}

	/**
	 * Execute one statement many times, in changing sessions of the server: whenever the
	 * other connection is in a transaction, it has the session that comes first.
	 */
	private static Set<Integer> backends(Connection connection, Connection busy) throws SQLException {
		Set<Integer> backends = new HashSet<>();
		try (PreparedStatement statement = connection.prepareStatement("select pg_backend_pid()")) {
			for (int i = 0; i < 20; i++) {
				busy.setAutoCommit(i % 4 > 1);
				Jdbc.onlyRow(busy, "select 1");
				try (ResultSet result = statement.executeQuery()) {
					assertThat(result.next()).isTrue();
					backends.add(result.getInt(1));
				}
				if (!busy.getAutoCommit()) {
					busy.rollback();
				}
			}
		}
		busy.setAutoCommit(true);
		assertThat(List.copyOf(backends)).doesNotContain(0);
		return backends;
	}

}
