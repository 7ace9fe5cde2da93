package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.ConnectionTarget;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.MigrationException;
import org.jspecify.annotations.Nullable;

/**
 * Opens the connection that migrates and those beside it, and prepares all of them alike.
 *
 * @param connections where connections come from
 * @param instance this instance
 * @param initSql what is run on each connection first, or {@code null}
 */
public record SessionFactory(MigrationConnections connections, Instance instance, @Nullable String initSql) {

	/**
	 * Open the migrating session on a connection of the run's own, or on one of the
	 * application's if none can be derived.
	 * @param database the kind of database
	 * @param application where the application's connections lead, or {@code null} if the
	 * run uses one of them
	 * @param driverProperties for a connection of the run's own
	 * @return the session, which the caller closes
	 * @throws SQLException if there is no connection
	 * @throws MigrationException if it must not be used
	 */
	public MigrationSession open(Database database, @Nullable ConnectionTarget application,
			Map<String, String> driverProperties) throws SQLException {
		if (application != null) {
			Optional<Connection> own = this.connections.open(driverProperties);
			if (own.isPresent()) {
				MigrationSession session = MigrationSession.prepare(own.get(), database, this.instance, this.initSql,
						false);
				session.requireTarget(application);
				return session;
			}
		}
		return MigrationSession.prepare(this.connections.borrow(), database, this.instance, this.initSql, true);
	}

	/**
	 * Return what opens connections beside a session, which are prepared as it was.
	 * @param session the session
	 * @return the opener; it throws an exception if none can be derived
	 */
	public ConnectionOpener beside(MigrationSession session) {
		return () -> {
			String driver = session.connection().getMetaData().getDriverName();
			Connection connection = this.connections
				.open(session.database().sessions().driverProperties(this.instance, driver))
				.orElseThrow(() -> new DatabaseAccessException(
						"The lock needs a second connection, and none can be derived from the application's DataSource.",
						"Use a DataSource that has a URL, such as a connection pool."));
			try {
				if (this.initSql != null) {
					new InitSql(this.initSql).executeAgain(connection, session.database());
				}
				return connection;
			}
			catch (Throwable ex) {
				SideConnection.abort(connection);
				throw ex;
			}
		};
	}

}
