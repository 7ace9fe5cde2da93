package io.github.migrateboot;

import io.github.migrateboot.testing.TestServer;

/**
 * Round trips on MariaDB, where the journal says before each DDL what is started.
 */
class MariaDbRoundTripTests extends RoundTripTests {

	MariaDbRoundTripTests() {
		super(TestServer.MARIADB, 15, 17);
	}

}
