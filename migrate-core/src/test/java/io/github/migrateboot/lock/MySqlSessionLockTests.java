package io.github.migrateboot.lock;

import io.github.migrateboot.testing.TestServer;

/**
 * Tests for {@link MySqlSessionLock} on MySQL.
 */
class MySqlSessionLockTests extends MySqlLockContractTests {

	MySqlSessionLockTests() {
		super(TestServer.MYSQL);
	}

}
