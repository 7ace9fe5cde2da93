package io.github.migrateboot.testing;

/**
 * A server that is up.
 */
@FunctionalInterface
interface RunningServer {

	/**
	 * Create an empty database.
	 * @param server the constant that the database belongs to
	 * @return the database
	 */
	TestDatabase create(TestServer server);

}
