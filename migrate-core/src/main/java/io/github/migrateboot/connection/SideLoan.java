package io.github.migrateboot.connection;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.migrateboot.database.ConnectionTarget;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.SessionState;
import io.github.migrateboot.database.Sessions;
import io.github.migrateboot.failure.ConnectionMismatchException;
import io.github.migrateboot.failure.DatabaseAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Borrows further connections of the application beside the migrating one, where the run
 * can open none of its own. They are given back as they were, or not at all.
 */
final class SideLoan {

	private final MigrationConnections lender;

	private final MigrationSession session;

	private final Instance instance;

	private final @Nullable InitSql initSql;

	private final AtomicBoolean compared = new AtomicBoolean();

	SideLoan(MigrationConnections lender, MigrationSession session, Instance instance, @Nullable InitSql initSql) {
		this.lender = lender;
		this.session = session;
		this.instance = instance;
		this.initSql = initSql;
	}

	/**
	 * Borrow a connection.
	 * @param longestAnswer how long an answer may take while it is being prepared
	 * @return the connection, which is given back when it is closed
	 * @throws SQLException if there is none
	 */
	Connection borrow(Duration longestAnswer) throws SQLException {
		BorrowedConnection lent = BorrowedConnection.from(this.lender);
		boolean prepared = false;
		try {
			lent.restoreNetworkTimeout();
			SideConnection.limit(lent.connection(), longestAnswer);
			requireAnother(lent.connection());
			prepare(lent);
			SideConnection.limit(lent.connection(), Duration.ZERO);
			prepared = true;
			return LentConnection.of(lent);
		}
		finally {
			if (!prepared) {
				lent.close();
			}
		}
	}

	private void prepare(BorrowedConnection lent) throws SQLException {
		Connection connection = lent.connection();
		Sessions sessions = this.session.database().sessions();
		lent.restoreBy(sessions.driverState(connection));
		SessionState found = sessions.prepare(connection, this.instance);
		lent.restoreBy(() -> MigrationSession.restore(connection, found));
		// What the migrating session sets for itself is not for those beside it.
		MigrationSession.restore(connection, found);
		requireTarget(sessions.target(connection));
		if (this.initSql != null) {
			if (sessions.areReplaceable()) {
				lent.spend();
			}
			this.initSql.executeAgain(connection, this.session.database());
		}
	}

	/**
	 * What finds a connection by the thread, as a routing DataSource does, may find
	 * another one.
	 */
	private void requireTarget(ConnectionTarget target) {
		ConnectionTarget own = this.session.server().destination();
		if (!target.isSameAs(own)) {
			throw new ConnectionMismatchException(
					"The connection for migrations leads to " + own + ", the second one for the lock to " + target
							+ ", although both are the application's.",
					"See what chooses schema or database on the application's DataSource (a router, a customizer, init"
							+ " SQL) and let it choose the same on each thread, or set migrate.url.");
		}
	}

	/**
	 * A DataSource of a single connection gives it twice. Looked at once, before anything
	 * is executed on the migrating connection.
	 */
	private void requireAnother(Connection second) throws SQLException {
		if (!this.session.borrowed() || this.compared.getAndSet(true)) {
			return;
		}
		second.setAutoCommit(false);
		boolean same = !this.session.connection().getAutoCommit();
		second.setAutoCommit(true);
		if (same) {
			this.compared.set(false);
			throw new DatabaseAccessException(
					"The lock needs a second connection beside the one that migrates, and the application's DataSource has"
							+ " a single one, which it gives to everybody.",
					"Use a DataSource that has a URL or more connections, such as a pool of 2 or more, or choose a lock"
							+ " that needs one connection only (migrate.lock.strategy).");
		}
	}

}
