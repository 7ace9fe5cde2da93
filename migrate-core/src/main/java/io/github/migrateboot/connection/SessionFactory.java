package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.ConnectionTarget;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.SqlErrors;
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
	 * Return what opens connections of the run's own beside a session, which are prepared
	 * as it was.
	 * @param session the session
	 * @return the opener; it throws an exception if none can be derived or had
	 * @throws SQLException if the session is lost
	 */
	public ConnectionOpener beside(MigrationSession session) throws SQLException {
		SideConnections own = sideConnections(session);
		return () -> own.openOwn().orElseThrow(SideConnections::noneDerived);
	}

	/**
	 * Return what opens connections beside a session for a lock that can't do without:
	 * one of the run's own, or one of the application's if none can be derived or had.
	 * @param session the session
	 * @return the opener; it throws an exception if there is none
	 * @throws SQLException if the session is lost
	 */
	public ConnectionOpener forLock(MigrationSession session) throws SQLException {
		SideConnections side = sideConnections(session);
		SideLoan loan = new SideLoan(this.connections, session, this.instance, side.initSql());
		return () -> side.openOrBorrow(loan);
	}

	/**
	 * Return the same with connections from elsewhere.
	 * @param other where they come from
	 * @return the factory
	 */
	public SessionFactory lentBy(MigrationConnections other) {
		return new SessionFactory(other, this.instance, this.initSql);
	}

	private SideConnections sideConnections(MigrationSession session) throws SQLException {
		// Not to be asked while a statement runs.
		String driver = session.connection().getMetaData().getDriverName();
		return new SideConnections(this.connections, session.database(),
				session.database().sessions().driverProperties(this.instance, driver),
				(this.initSql != null) ? new InitSql(this.initSql) : null);
	}

}
