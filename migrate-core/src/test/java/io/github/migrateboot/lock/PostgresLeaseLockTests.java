package io.github.migrateboot.lock;

import io.github.migrateboot.testing.TestServer;

/**
 * Tests for {@link LeaseLock} on PostgreSQL.
 */
class PostgresLeaseLockTests extends LeaseContractTests {

	PostgresLeaseLockTests() {
		super(TestServer.POSTGRES_EMBEDDED);
	}

	@Override
	String transactions() {
		return "select count(*) from pg_stat_activity where pid = ? and (state <> 'idle' or backend_xmin is not null)";
	}

	@Override
	String sessionId() {
		return "pg_backend_pid()";
	}

}
