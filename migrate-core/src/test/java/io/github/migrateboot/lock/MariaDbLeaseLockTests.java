package io.github.migrateboot.lock;

import io.github.migrateboot.testing.TestServer;

/**
 * Tests for {@link LeaseLock} on MariaDB.
 */
class MariaDbLeaseLockTests extends LeaseContractTests {

	MariaDbLeaseLockTests() {
		super(TestServer.MARIADB);
	}

}
