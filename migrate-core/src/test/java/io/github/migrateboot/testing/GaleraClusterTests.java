package io.github.migrateboot.testing;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

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
	void secondNodeComesBack() {
		try (TestDatabase database = this.cluster.create()) {
			database.execute("create table t (id int primary key)");
			TestDatabase second = this.cluster.on(database, 2);
			second.execute("set session wsrep_sync_wait = 15", "insert into t values (1)");
			this.cluster.restartSecond(true);
			second.execute("set session wsrep_sync_wait = 15", "insert into t values (2)");
			assertThat(this.cluster.upToDate(database).jdbc().queryForList("select id from t", Integer.class))
				.containsExactlyInAnyOrder(1, 2);
		}
	}

}
