package io.github.migrateboot;

import io.github.migrateboot.testing.TestServer;

/**
 * Round trips on MySQL, where the journal says before each DDL what is started.
 */
class MySqlRoundTripTests extends RoundTripTests {

	MySqlRoundTripTests() {
		super(TestServer.MYSQL, 15, 17);
	}

}
