package io.github.migrateboot.lock;

import io.github.migrateboot.testing.TestServer;

/**
 * Tests for {@link PostgresSessionLock}.
 */
class EmbeddedPostgresSessionLockTests extends PostgresLockContractTests {

	EmbeddedPostgresSessionLockTests() {
		super(TestServer.POSTGRES_EMBEDDED);
	}

}
