package io.github.migrateboot.database;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.function.IntConsumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes statements by means of JDBC alone, one by one.
 */
final class JdbcChannel implements SqlChannel {

	private static final Logger logger = LoggerFactory.getLogger(JdbcChannel.class);

	private static final List<String> REPORT = List.of("Table", "Op", "Msg_type", "Msg_text");

	private final Statement statement;

	private final ServerMessages messages;

	private final boolean asks;

	JdbcChannel(Connection connection, boolean asks, ServerMessage.Listener listener) throws SQLException {
		this.asks = asks;
		this.messages = new ServerMessages(listener);
		this.statement = connection.createStatement();
		this.statement.setEscapeProcessing(false);
	}

	@Override
	public void execute(String sql, @Nullable String data) throws SQLException {
		if (data != null) {
			throw new SQLFeatureNotSupportedException(
					"COPY … FROM STDIN needs a connection of PostgreSQL's own driver, and this one doesn't lead to it");
		}
		boolean query = this.statement.execute(sql);
		while (query || this.statement.getUpdateCount() != -1) {
			if (query) {
				readAll();
			}
			query = this.statement.getMoreResults();
		}
		if (this.asks) {
			this.messages.tell(this.statement.getWarnings());
		}
	}

	private void readAll() throws SQLException {
		try (ResultSet rows = this.statement.getResultSet()) {
			boolean report = isReport(rows.getMetaData());
			String error = null;
			while (rows.next()) {
				if (report && error == null && "error".equalsIgnoreCase(rows.getString(3))) {
					error = rows.getString(2) + " of " + rows.getString(1) + " failed: " + rows.getString(4);
				}
			}
			if (error != null) {
				throw new SQLException(error, "HY000");
			}
		}
	}

	/**
	 * Return whether rows say how maintenance of tables went, as those of
	 * {@code ANALYZE}, {@code CHECK}, {@code OPTIMIZE} and {@code REPAIR} do on MySQL and
	 * MariaDB: they are a result also where nothing was done.
	 */
	private static boolean isReport(ResultSetMetaData columns) throws SQLException {
		if (columns.getColumnCount() != REPORT.size()) {
			return false;
		}
		for (int i = 0; i < REPORT.size(); i++) {
			if (!REPORT.get(i).equalsIgnoreCase(columns.getColumnLabel(i + 1))) {
				return false;
			}
		}
		return true;
	}

	@Override
	public boolean isPipelined() {
		return false;
	}

	@Override
	public void executeAll(List<String> statements, IntConsumer answered) throws SQLException {
		for (int executed = 0; executed < statements.size(); executed++) {
			try {
				execute(statements.get(executed), null);
				answered.accept(executed + 1);
			}
			catch (SQLException ex) {
				BatchUpdateException failure = new BatchUpdateException(ex.getMessage(), ex.getSQLState(),
						ex.getErrorCode(), new int[executed], ex);
				failure.setNextException(ex);
				throw failure;
			}
		}
	}

	@Override
	public void cancel() throws SQLException {
		this.statement.cancel();
	}

	@Override
	public void close() {
		this.messages.close();
		try {
			this.statement.close();
		}
		catch (SQLException ex) {
			logger.debug("Could not close a statement", ex);
		}
	}

}
