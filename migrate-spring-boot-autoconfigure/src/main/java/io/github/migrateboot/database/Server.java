package io.github.migrateboot.database;

/**
 * What a server said about itself.
 *
 * @param database the kind of database
 * @param version the version as the server gives it
 * @param destination server, database and schema that the connection leads to
 * @param reach who else can reach the data
 */
public record Server(Database database, String version, Destination destination, Reach reach) {

	/**
	 * Who else can reach the data.
	 */
	public enum Reach {

		/**
		 * Any process on the network or on this host.
		 */
		SHARED,

		/**
		 * Only this process, for example an in-memory database: no lock is needed.
		 */
		THIS_PROCESS

	}

}
