package io.github.migrateboot;

import java.sql.SQLException;

import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Round trips on PostgreSQL: small migrations are sent together, others one by one with
 * their records.
 */
class PostgresRoundTripTests extends RoundTripTests {

	PostgresRoundTripTests() {
		super(TestServer.POSTGRES_EMBEDDED, 0, 10);
	}

	/**
	 * Queries cost one more, however many there are.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "do $$ begin perform 1; end $$; set work_mem = '5MB'; | 1", "select 1; | 2",
			"select 1; create table a (a int); select 2; insert into a values (3) returning a; values (4); drop table a; | 2",
			"savepoint s; rollback to s; | 3" })
	void queriesCostLittle(String sql, int perMigration) throws SQLException {
		assertThat(roundTrips("\n" + sql)).isLessThanOrEqualTo(10 * perMigration + 8);
	}

}
