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

	/**
	 * Stop the server and start it again, at the same address.
	 * @param immediately whether it is killed instead of being asked to stop
	 */
	default void restart(boolean immediately) {
		throw new UnsupportedOperationException();
	}

}
