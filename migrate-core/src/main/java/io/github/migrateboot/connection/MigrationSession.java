package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import io.github.migrateboot.database.ConnectionTarget;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.Server;
import io.github.migrateboot.database.SessionState;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.failure.ConnectionMismatchException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection that migrates: one of the run's own, or one that is borrowed from the
 * application and given back as it was.
 *
 * @param connection the connection, in autocommit
 * @param server what it leads to
 * @param state how to put its session back
 * @param borrowed whether it is the application's
 * @param autoCommit whether it was in autocommit before
 */
public record MigrationSession(Connection connection, Server server, SessionState state, boolean borrowed,
		boolean autoCommit) implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(MigrationSession.class);

	static MigrationSession prepare(Connection connection, Database database, Instance instance,
			@Nullable String initSql, boolean borrowed) throws SQLException {
		try {
			boolean autoCommit = connection.getAutoCommit();
			if (!autoCommit) {
				connection.setAutoCommit(true);
			}
			Server server = Databases.probe(connection);
			SessionState state = prepareSession(connection, server, instance, initSql);
			return new MigrationSession(connection, server, state, borrowed, autoCommit);
		}
		catch (SQLException | RuntimeException ex) {
			closeQuietly(connection);
			throw ex;
		}
	}

	private static SessionState prepareSession(Connection connection, Server server, Instance instance,
			@Nullable String initSql) throws SQLException {
		Database database = server.database();
		SessionState state = database.sessions().prepare(connection, instance);
		if (initSql == null) {
			return state;
		}
		List<String> again = new InitSql(initSql).execute(connection, server);
		// once more, so that what it has set is put back between migrations too
		SessionState after = database.sessions().prepare(connection, instance);
		return after.with(again, state);
	}

	void requireTarget(ConnectionTarget application) {
		ConnectionTarget own = this.server.destination();
		if (!own.isSameAs(application)) {
			closeQuietly(this.connection);
			throw new ConnectionMismatchException(
					"The connection for migrations leads to " + own + ", the application's to " + application
							+ "; migrating there would change the wrong tables.",
					"See what sets schema or database on the application's pool (a customizer, init SQL, a proxy) and set"
							+ " it in the JDBC URL instead, so that both connections get it.");
		}
	}

	/**
	 * Return the kind of database, as the server has said.
	 * @return the database
	 */
	public Database database() {
		return this.server.database();
	}

	/**
	 * Return whether settings last only for a transaction, because a pooler stands
	 * between.
	 * @return whether each transaction has to set them again
	 */
	public boolean isSetByTransaction() {
		return !this.state.atBegin().isEmpty();
	}

	@Override
	public void close() {
		if (this.borrowed) {
			putBack();
		}
		closeQuietly(this.connection);
	}

	private void putBack() {
		try (Statement statement = this.connection.createStatement()) {
			for (String sql : this.state.original()) {
				statement.execute(sql);
			}
			if (!this.autoCommit) {
				this.connection.setAutoCommit(false);
			}
		}
		catch (SQLException ex) {
			logger.debug("The borrowed connection cannot be put back and is evicted: {}", SqlErrors.describe(ex));
			evict();
		}
	}

	// A pool drops a connection that turns out to be closed.
	private void evict() {
		try {
			this.connection.abort(Runnable::run);
		}
		catch (SQLException ex) {
			logger.debug("The borrowed connection cannot be evicted: {}", SqlErrors.describe(ex));
		}
	}

	private static void closeQuietly(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			logger.debug("Could not close a connection: {}", SqlErrors.describe(ex));
		}
	}

}
