package io.github.migrateboot.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.awaitility.Awaitility;

/**
 * A server that is reached over TCP and on which databases are created by statement.
 *
 * @param kind which dialect it speaks
 * @param urlPrefix the URL up to the database's name
 * @param maintenanceDatabase the database in which databases are created
 * @param urlSuffix the URL after the database's name
 * @param user a user with all rights
 * @param password that user's password
 */
record NetworkServer(Kind kind, String urlPrefix, String maintenanceDatabase, String urlSuffix, String user,
		String password, Restart restart) implements RunningServer {

	NetworkServer(Kind kind, String urlPrefix, String maintenanceDatabase, String urlSuffix, String user,
			String password) {
		this(kind, urlPrefix, maintenanceDatabase, urlSuffix, user, password, (immediately) -> {
			throw new UnsupportedOperationException("Somebody else restarts this server");
		});
	}

	@Override
	public TestDatabase create(TestServer server) {
		// Not "test_…": on MariaDB every user may do everything in such a database.
		String name = "db_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
		administer((statement) -> statement.execute("create database " + name));
		String url = this.urlPrefix + name + this.urlSuffix;
		return new TestDatabase(server, url, this.user, this.password, () -> drop(name));
	}

	@Override
	public void restart(boolean immediately) {
		this.restart.restart(immediately);
		awaitConnection();
	}

	/**
	 * Wait until the server lets somebody in.
	 */
	void awaitConnection() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(90))
			.pollInterval(Duration.ofMillis(100))
			.ignoreExceptions()
			.until(() -> {
				administer((statement) -> statement.execute("select 1"));
				return true;
			});
	}

	private void drop(String name) {
		administer((statement) -> {
			for (int user = 1; user <= TestDatabase.MAX_USERS; user++) {
				if (this.kind == Kind.MYSQL) {
					statement.execute("drop user if exists " + TestDatabase.userName(name, user));
				}
			}
			switch (this.kind) {
				case POSTGRES -> statement.execute("drop database " + name + " with (force)");
				case MYSQL -> {
					// A session that a test left behind would block the drop.
					killSessions(statement, name);
					statement.execute("drop database " + name);
				}
			}
		});
	}

	private void killSessions(Statement statement, String name) throws SQLException {
		List<Long> ids = new ArrayList<>();
		try (ResultSet rows = statement
			.executeQuery("select id from information_schema.processlist where db = '" + name + "'")) {
			while (rows.next()) {
				ids.add(rows.getLong(1));
			}
		}
		for (Long id : ids) {
			try {
				statement.execute("kill " + id);
			}
			catch (SQLException ex) {
				// It has gone by itself.
			}
		}
	}

	private void administer(Work work) {
		String url = this.urlPrefix + this.maintenanceDatabase + this.urlSuffix;
		try (Connection connection = DriverManager.getConnection(url, this.user, this.password);
				Statement statement = connection.createStatement()) {
			work.run(statement);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	enum Kind {

		POSTGRES, MYSQL

	}

	/**
	 * Stops the server and starts it again.
	 */
	@FunctionalInterface
	interface Restart {

		void restart(boolean immediately);

	}

	@FunctionalInterface
	private interface Work {

		void run(Statement statement) throws SQLException;

	}

}
