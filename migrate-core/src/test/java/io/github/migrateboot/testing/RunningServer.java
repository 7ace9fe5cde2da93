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

	/**
	 * Dump a database with the server's own program.
	 * @param database the database's name
	 * @return the script
	 */
	default String dump(String database) {
		throw new UnsupportedOperationException("There is no program to dump " + database);
	}

}
