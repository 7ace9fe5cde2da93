package io.github.migrateboot.lock;

import io.github.migrateboot.testing.TestServer;

/**
 * Tests for {@link LeaseLock} on MySQL.
 */
class MySqlLeaseLockTests extends LeaseContractTests {

	MySqlLeaseLockTests() {
		super(TestServer.MYSQL);
	}

}
