package io.github.migrateboot.lock;

import io.github.migrateboot.testing.TestServer;

/**
 * Tests for {@link MySqlSessionLock} on MariaDB.
 */
class MariaDbSessionLockTests extends MySqlLockContractTests {

	MariaDbSessionLockTests() {
		super(TestServer.MARIADB);
	}

	@Override
	String visibleLabel(Contender holder) {
		// The connection's attributes are in performance_schema, which is off by default.
		return "migrate@localhost:";
	}

	@Override
	boolean tellsSince() {
		return false;
	}

}
