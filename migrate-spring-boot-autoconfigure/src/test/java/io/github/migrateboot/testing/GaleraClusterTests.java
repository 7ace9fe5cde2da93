package io.github.migrateboot.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GaleraCluster}; skipped where there is none.
 */
class GaleraClusterTests {

	private final GaleraCluster cluster = GaleraCluster.shared();

	@Test
	void bothNodesAreWrittenTo() {
		try (TestDatabase database = this.cluster.create()) {
			database.execute("create table t (id int primary key)", "insert into t values (1)");
			TestDatabase second = this.cluster.on(database, 2);
			assertThat(second.url()).isNotEqualTo(database.url());
			second.execute("set session wsrep_sync_wait = 15", "insert into t values (2)");
			assertThat(this.cluster.upToDate(database).jdbc().queryForList("select id from t order by id")).hasSize(2);
		}
	}

	@Test
	void secondNodeComesBack() throws SQLException {
		try (TestDatabase database = this.cluster.create()) {
			database.execute("create table t (id int primary key)");
			TestDatabase second = this.cluster.on(database, 2);
			second.execute("set session wsrep_sync_wait = 15", "insert into t values (1)");
			try (Connection connection = second.connect(); Statement statement = connection.createStatement()) {
				this.cluster.isolateSecond(true);
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> statement.executeQuery("select id from t"))
					.matches((ex) -> ex.getErrorCode() == 1047);
				database.execute("insert into t values (2)");
			}
			this.cluster.isolateSecond(false);
			second.execute("set session wsrep_sync_wait = 15", "insert into t values (3)");
			this.cluster.restartSecond(true);
			second.execute("set session wsrep_sync_wait = 15", "insert into t values (4)");
			assertThat(this.cluster.upToDate(database).jdbc().queryForList("select id from t", Integer.class))
				.containsExactlyInAnyOrder(1, 2, 3, 4);
		}
	}

}
