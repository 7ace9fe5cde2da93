package io.github.migrateboot.lock;

import io.github.migrateboot.testing.TestServer;

/**
 * Tests for {@link PostgresSessionLock}.
 */
class ContainerPostgresSessionLockTests extends PostgresLockContractTests {

	ContainerPostgresSessionLockTests() {
		super(TestServer.POSTGRES);
	}

}
