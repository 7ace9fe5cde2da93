package io.github.migrateboot.test.lint;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.migrateboot.database.ServerMessage;
import io.github.migrateboot.observation.ObservedStatement;

/**
 * Executes a statement on PostgreSQL and looks at what it does.
 */
final class PostgresMeasurement {

	/** A statement that can't run in a transaction, and a procedure that commits. */
	private static final Set<String> REFUSES_TRANSACTION = Set.of("25001", "2D000");

	private static final Set<String> CHANGES_ROWS = Set.of("UPDATE", "DELETE", "MERGE");

	private final ObservedStatement statement;

	private final Connection connection;

	private final List<DebugMessage> messages = new ArrayList<>();

	PostgresMeasurement(ObservedStatement statement) {
		this.statement = statement;
		this.connection = statement.connection();
	}

	/**
	 * Execute the statement in the transaction that is open.
	 */
	Measured inTransaction() throws SQLException {
		Activity before = new ActivityReader(this.connection).read();
		String level = setting("client_min_messages");
		String planner = setting("enable_seqscan");
		set("set local client_min_messages = debug1");
		if (this.statement.statement().startsWithAny(CHANGES_ROWS)) {
			// Whether an index would do then doesn't depend on the size of the table
			// here.
			set("set local enable_seqscan = off");
		}
		long started = System.nanoTime();
		execute();
		Duration took = Duration.ofNanos(System.nanoTime() - started);
		set("set local client_min_messages = " + level);
		set("set local enable_seqscan = " + planner);
		Activity after = new ActivityReader(this.connection).read();
		return new Measured(new CatalogReader(this.connection).read(), new Work(before, after, this.messages, took));
	}

	/**
	 * Execute the statement in a transaction of its own, or without if it refuses one,
	 * which it does before it does anything.
	 */
	Measured inTransactionIfPossible() throws SQLException {
		this.connection.setAutoCommit(false);
		try {
			Measured measured = inTransaction();
			this.connection.commit();
			return measured;
		}
		catch (SQLException ex) {
			this.connection.rollback();
			if (!REFUSES_TRANSACTION.contains(String.valueOf(ex.getSQLState()))) {
				throw ex;
			}
		}
		finally {
			this.connection.setAutoCommit(true);
		}
		return withoutTransaction();
	}

	private Measured withoutTransaction() throws SQLException {
		this.messages.clear();
		String level = setting("client_min_messages");
		set("set client_min_messages = debug1");
		try {
			execute();
		}
		finally {
			set("set client_min_messages = " + level);
		}
		return new Measured(new CatalogReader(this.connection).read(), Work.withoutTransaction(this.messages));
	}

	private void execute() throws SQLException {
		this.statement.execute(this.statement.statement().text(), this::takes);
	}

	private boolean takes(ServerMessage message) {
		DebugMessage.of(message).ifPresent(this.messages::add);
		return message.severity().startsWith("DEBUG");
	}

	private String setting(String name) throws SQLException {
		try (Statement query = this.connection.createStatement();
				ResultSet row = query.executeQuery("select pg_catalog.current_setting('" + name + "')")) {
			row.next();
			return row.getString(1);
		}
	}

	private void set(String sql) throws SQLException {
		try (Statement query = this.connection.createStatement()) {
			query.execute(sql);
		}
	}

	/**
	 * What a statement did.
	 *
	 * @param catalog the catalog after it
	 * @param work what was observed meanwhile
	 */
	record Measured(Catalog catalog, Work work) {

	}

}
