package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.FailureText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the connections beside the migrating one.
 *
 * @param connections where they come from
 * @param database the kind of database
 * @param driverProperties for those of the run's own
 * @param initSql what is run on each first, or {@code null}
 */
record SideConnections(MigrationConnections connections, Database database, Map<String, String> driverProperties,
		@Nullable InitSql initSql) {

	private static final Logger logger = LoggerFactory.getLogger(SideConnections.class);

	private static final Duration LONGEST_INIT_SQL = Duration.ofSeconds(30);

	private static final String NEEDED = "The lock needs a second connection beside the one that migrates, and ";

	private static final String POOL_OF_TWO = "Let the application's pool have 2 connections or more"
			+ " (spring.datasource.hikari.maximum-pool-size, spring.datasource.tomcat.max-active,"
			+ " spring.datasource.dbcp2.max-total), none of which is in use for long while migrations run, or choose a"
			+ " lock that needs one connection only (migrate.lock.strategy).";

	/**
	 * Open a connection of the run's own.
	 * @return the connection, or empty if none can be derived
	 * @throws SQLException if it cannot be opened
	 */
	Optional<Connection> openOwn() throws SQLException {
		Optional<Connection> own = this.connections.open(this.driverProperties);
		if (own.isPresent()) {
			prepare(own.get());
		}
		return own;
	}

	private void prepare(Connection connection) throws SQLException {
		boolean prepared = false;
		try {
			if (this.initSql != null) {
				SideConnection.limit(connection, LONGEST_INIT_SQL);
				this.initSql.executeAgain(connection, this.database);
				SideConnection.limit(connection, Duration.ZERO);
			}
			if (!connection.getAutoCommit()) {
				connection.setAutoCommit(true);
			}
			prepared = true;
		}
		finally {
			if (!prepared) {
				SideConnection.end(connection);
			}
		}
	}

	/**
	 * Open a connection of the run's own, or borrow one.
	 * @param loan borrows it
	 * @return the connection
	 * @throws SQLException if the one of the run's own cannot be opened
	 */
	Connection openOrBorrow(SideLoan loan) throws SQLException {
		SQLException refusal = null;
		try {
			Optional<Connection> own = openOwn();
			if (own.isPresent()) {
				return own.get();
			}
		}
		catch (SQLException ex) {
			if (!SqlErrors.isOutOfConnections(ex)) {
				throw ex;
			}
			refusal = ex;
		}
		try {
			logger.debug("No connection of the run's own for the lock, so one of the application's is borrowed");
			return loan.borrow(LONGEST_INIT_SQL);
		}
		catch (SQLException ex) {
			throw noneToBorrow(ex, refusal);
		}
	}

	static DatabaseAccessException noneDerived() {
		return new DatabaseAccessException(
				NEEDED + "none can be opened: the application's DataSource does not tell how.",
				"Use a DataSource that has a URL, such as a connection pool.");
	}

	private static DatabaseAccessException noneToBorrow(SQLException failure, @Nullable SQLException refusal) {
		if (refusal != null) {
			return new DatabaseAccessException(
					FailureText.of(NEEDED + "the database refuses it: ")
						.and(SqlErrors.text(refusal))
						.and(". The application's DataSource gave none of its own either: ")
						.and(SqlErrors.text(failure))
						.and("."),
					"Let the user, the database or the server have a connection more, make the application's pool smaller,"
							+ " or choose a lock that needs one connection only (migrate.lock.strategy)."
							+ " migrate.connect-timeout waits until one is free.",
					refusal);
		}
		return new DatabaseAccessException(FailureText
			.of(NEEDED + "the application's DataSource, from which no connection outside its pool can be derived, gave"
					+ " none: ")
			.and(SqlErrors.text(failure))
			.and("."), POOL_OF_TWO + " migrate.connect-timeout waits longer.", failure);
	}

}
