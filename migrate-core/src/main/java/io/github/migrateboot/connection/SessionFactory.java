package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.ConnectionTarget;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.MigrationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the connection that migrates and those beside it, and prepares all of them alike.
 *
 * @param connections where connections come from
 * @param instance this instance
 * @param initSql what is run on each connection first, or {@code null}
 */
public record SessionFactory(MigrationConnections connections, Instance instance, @Nullable String initSql) {

	private static final Logger logger = LoggerFactory.getLogger(SessionFactory.class);

	private static final Duration LONGEST_INIT_SQL = Duration.ofSeconds(30);

	/**
	 * Open the migrating session on a connection of the run's own, or on one of the
	 * application's if none can be derived or had.
	 * @param application where the application's connections lead, or {@code null} if the
	 * run uses one of them
	 * @param driverProperties for a connection of the run's own
	 * @return the session, which the caller closes
	 * @throws SQLException if there is no connection
	 * @throws MigrationException if it must not be used
	 */
	public MigrationSession open(@Nullable ConnectionTarget application, Map<String, String> driverProperties)
			throws SQLException {
		Optional<Connection> own = (application != null) ? openOwn(driverProperties) : Optional.empty();
		if (own.isEmpty()) {
			return MigrationSession.borrowed(BorrowedConnection.from(this.connections), this.instance, this.initSql);
		}
		MigrationSession session = MigrationSession.own(own.get(), this.instance, this.initSql);
		session.requireTarget(Objects.requireNonNull(application));
		return session;
	}

	/**
	 * Where there are as many connections as there may be, one of the application's will
	 * do.
	 */
	private Optional<Connection> openOwn(Map<String, String> driverProperties) throws SQLException {
		try {
			return this.connections.open(driverProperties);
		}
		catch (SQLException ex) {
			if (!SqlErrors.isOutOfConnections(ex)) {
				throw ex;
			}
			logger.info(
					"The database refuses a connection beside the application's, so migrations use one of those: {}",
					SqlErrors.describe(ex));
			return Optional.empty();
		}
	}

	/**
	 * Return what opens connections beside a session, which are prepared as it was.
	 * @param session the session
	 * @return the opener; it throws an exception if none can be derived or had
	 * @throws SQLException if the session is lost
	 */
	public ConnectionOpener beside(MigrationSession session) throws SQLException {
		// Not to be asked while a statement runs.
		String driver = session.connection().getMetaData().getDriverName();
		return () -> {
			Connection connection = openBeside(session.database().sessions().driverProperties(this.instance, driver));
			boolean prepared = false;
			try {
				if (this.initSql != null) {
					SideConnection.limit(connection, LONGEST_INIT_SQL);
					new InitSql(this.initSql).executeAgain(connection, session.database());
					SideConnection.limit(connection, Duration.ZERO);
				}
				if (!connection.getAutoCommit()) {
					connection.setAutoCommit(true);
				}
				prepared = true;
				return connection;
			}
			finally {
				if (!prepared) {
					SideConnection.end(connection);
				}
			}
		};
	}

	private Connection openBeside(Map<String, String> driverProperties) throws SQLException {
		try {
			return this.connections.open(driverProperties)
				.orElseThrow(() -> new DatabaseAccessException(
						"The lock needs a second connection beside the one that migrates, and none can be opened: the"
								+ " application's DataSource does not tell how, or the database refuses one more.",
						"Use a DataSource that has a URL, such as a connection pool, and let its user have a connection"
								+ " more than the pool, or choose a lock that needs one connection only"
								+ " (migrate.lock.strategy)."));
		}
		catch (SQLException ex) {
			if (!SqlErrors.isOutOfConnections(ex)) {
				throw ex;
			}
			throw new DatabaseAccessException(FailureText
				.of("The lock needs a second connection beside the one that migrates, and the database refuses it: ")
				.and(SqlErrors.text(ex))
				.and("."),
					"Let the user, the database or the server have a connection more, make the application's pool smaller,"
							+ " or choose a lock that needs one connection only (migrate.lock.strategy)."
							+ " migrate.connect-timeout waits until one is free.",
					ex);
		}
	}

}
