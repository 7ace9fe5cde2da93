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
 * @param state how to restore its session
 * @param lent the same connection if it is the application's, or {@code null}
 */
public record MigrationSession(Connection connection, Server server, SessionState state,
		@Nullable BorrowedConnection lent) implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(MigrationSession.class);

	static MigrationSession own(Connection connection, Instance instance, @Nullable String initSql)
			throws SQLException {
		boolean prepared = false;
		try {
			if (!connection.getAutoCommit()) {
				connection.setAutoCommit(true);
			}
			Server server = Databases.probe(connection);
			SessionState state = server.database().sessions().prepare(connection, instance);
			MigrationSession session = new MigrationSession(connection, server, state, null).with(initSql, instance);
			prepared = true;
			return session;
		}
		finally {
			if (!prepared) {
				closeQuietly(connection);
			}
		}
	}

	static MigrationSession borrowed(BorrowedConnection lent, Instance instance, @Nullable String initSql)
			throws SQLException {
		boolean prepared = false;
		try {
			Connection connection = lent.connection();
			Server server = Databases.probe(connection);
			liftNetworkTimeout(lent);
			lent.restoreBy(server.database().sessions().driverState(connection));
			SessionState state = server.database().sessions().prepare(connection, instance);
			lent.restoreBy(() -> restore(connection, state));
			MigrationSession session = new MigrationSession(connection, server, state, lent).with(initSql, instance);
			prepared = true;
			return session;
		}
		finally {
			if (!prepared) {
				lent.close();
			}
		}
	}

	/**
	 * A statement of a migration may take longer than one of the application.
	 */
	private static void liftNetworkTimeout(BorrowedConnection lent) throws SQLException {
		if (lent.restoreNetworkTimeout() != 0) {
			lent.connection().setNetworkTimeout(Runnable::run, 0);
		}
	}

	static void restore(Connection connection, SessionState state) throws SQLException {
		// A transaction that a migration has started by itself.
		Transactions.rollBack(connection);
		try (Statement statement = connection.createStatement()) {
			for (String sql : state.original()) {
				statement.execute(sql);
			}
		}
	}

	private MigrationSession with(@Nullable String initSql, Instance instance) throws SQLException {
		if (initSql == null) {
			return this;
		}
		foreignSql();
		List<String> again = new InitSql(initSql).execute(this.connection, this.server);
		// once more, so that what it has set is restored between migrations too
		SessionState after = database().sessions().prepare(this.connection, instance);
		return new MigrationSession(this.connection, this.server, after.with(again, this.state), this.lent);
	}

	/**
	 * Note that SQL is going to be executed which we have not written. Not everything
	 * that it may leave in a session can be seen and undone, so a connection of the
	 * application is discarded afterwards where another one is as good.
	 */
	public void foreignSql() {
		if (this.lent != null && database().sessions().areReplaceable()) {
			this.lent.spend();
		}
	}

	/**
	 * Return whether the connection is the application's.
	 * @return whether it is borrowed
	 */
	public boolean borrowed() {
		return this.lent != null;
	}

	void requireTarget(ConnectionTarget application) {
		ConnectionTarget own = this.server.destination();
		if (!own.isSameAs(application)) {
			close();
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
		if (this.lent != null) {
			this.lent.close();
		}
		else {
			closeQuietly(this.connection);
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
