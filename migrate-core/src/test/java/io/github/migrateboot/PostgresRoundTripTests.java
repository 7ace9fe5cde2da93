package io.github.migrateboot;

import io.github.migrateboot.testing.TestServer;

/**
 * Round trips on PostgreSQL: a migration and its record are one batch.
 */
class PostgresRoundTripTests extends RoundTripTests {

	PostgresRoundTripTests() {
		super(TestServer.POSTGRES_EMBEDDED, 1, 8);
	}

}
