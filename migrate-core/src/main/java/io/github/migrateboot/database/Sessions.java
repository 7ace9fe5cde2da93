package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How connections of a run are opened, compared, prepared and restored. Implementations
 * are immutable and hold no connection.
 */
public interface Sessions {

	/**
	 * How long connecting may take: some databases are woken by it, and a network may be
	 * silent.
	 */
	Duration LONGEST_CONNECT = Duration.ofSeconds(30);

	/**
	 * Return whether migrations run on a connection of their own; otherwise on one of the
	 * application's, because another connection would not see the same database or would
	 * stand in its way.
	 * @param connection one of the application's connections
	 * @return whether a connection is to be opened
	 * @throws SQLException if the connection cannot be asked
	 */
	default boolean needOwnConnection(Connection connection) throws SQLException {
		return true;
	}

	/**
	 * Return the driver properties for a connection of the run's own: who it is, TCP
	 * keepalive, and how long connecting may take. Until that is done the network timeout
	 * is limited too, because a driver waits in vain for the greeting otherwise.
	 * @param instance this instance
	 * @param driverName the JDBC driver's name as its metadata gives it
	 * @return driver properties, possibly empty
	 */
	default Map<String, String> driverProperties(Instance instance, String driverName) {
		return Map.of();
	}

	/**
	 * Return where a connection leads, so that two connections can be compared.
	 * @param connection the connection to ask, in autocommit
	 * @return server, database and schema
	 * @throws SQLException if it cannot be asked
	 */
	ConnectionTarget target(Connection connection) throws SQLException;

	/**
	 * Return whether one connection is as good as another, so that one that can't be
	 * restored may be closed: not where the database lives in this process, and may end
	 * with its last connection.
	 * @return whether a new connection takes a closed one's place
	 */
	default boolean areReplaceable() {
		return false;
	}

	/**
	 * Return what restores settings that {@link #prepare} changes in the driver and not
	 * in the session.
	 * @param connection a connection that has not been prepared
	 * @return what restores it
	 * @throws SQLException if the connection is lost
	 */
	default SqlAction driverState(Connection connection) throws SQLException {
		return () -> {
		};
	}

	/**
	 * Prepare the session of a run: name it, make the server end it when it falls silent
	 * for about 30 seconds and notice a dead client, and lift the limits that are not
	 * meant for migrations. Where {@link Database#isPooled() a pooler stands between},
	 * nothing is set; the statements for the start of each transaction do it then.
	 * @param connection the run's connection, in autocommit
	 * @param instance this instance
	 * @return how to restore the session
	 * @throws SQLException if a statement fails
	 */
	SessionState prepare(Connection connection, Instance instance) throws SQLException;

	/**
	 * Ask how our own tables are written although a migration may have taken another role
	 * or made the session read-only.
	 * @param connection the migrating connection
	 * @param state the state in which {@link #prepare} left the session
	 * @param place where is written
	 * @param refusal the error with which writing was refused, or {@code null} if it was
	 * not tried, because an error would end the transaction
	 * @return the way
	 * @throws SQLException if it cannot be asked
	 */
	default Passage passage(Connection connection, SessionState state, Passage.Place place,
			@Nullable SQLException refusal) throws SQLException {
		return Passage.FREE;
	}

}
