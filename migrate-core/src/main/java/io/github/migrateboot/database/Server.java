package io.github.migrateboot.database;

import org.jspecify.annotations.Nullable;

/**
 * What a server said about itself.
 *
 * @param database the kind of database
 * @param version the version as the server gives it
 * @param destination server, database and schema that the connection leads to
 * @param reach who else can reach the data
 * @param session asks other sessions about the connection's own, or {@code null} where
 * that is not possible
 */
public record Server(Database database, String version, ConnectionTarget destination, Reach reach,
		@Nullable SessionProbe session) {

	/**
	 * Create the answer of a server whose sessions can't be asked about.
	 * @param database the kind of database
	 * @param version the version as the server gives it
	 * @param destination server, database and schema that the connection leads to
	 * @param reach who else can reach the data
	 */
	public Server(Database database, String version, ConnectionTarget destination, Reach reach) {
		this(database, version, destination, reach, null);
	}

	/**
	 * Who else can reach the data.
	 */
	public enum Reach {

		/**
		 * Any process on the network or on this host.
		 */
		SHARED,

		/**
		 * Only this process, for example an in-memory database with a name.
		 */
		THIS_PROCESS,

		/**
		 * Only this connection, for example an in-memory database without a name: no lock
		 * is needed.
		 */
		THIS_CONNECTION

	}

}
