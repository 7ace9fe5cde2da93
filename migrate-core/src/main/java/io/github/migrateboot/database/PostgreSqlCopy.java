package io.github.migrateboot.database;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

import io.github.migrateboot.script.SqlExcerpt;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the data of a {@code COPY … FROM STDIN}.
 * <p>
 * The driver reads nothing until it has sent everything. So that the server can't wait
 * for it to read what triggers say, while it waits for the server to read data, the
 * server is told to say nothing while much is sent.
 *
 * @param connection the connection
 * @param channel executes what stands around it
 */
record PostgreSqlCopy(BaseConnection connection, SqlChannel channel) {

	private static final Logger logger = LoggerFactory.getLogger(PostgreSqlCopy.class);

	/** Fits into what the network buffers. */
	private static final int CHUNK = 16_384;

	void execute(String sql, String data) throws SQLException {
		if (data.length() <= CHUNK) {
			send(sql, data);
		}
		else if (isInTransaction()) {
			String before = Jdbc.text(Jdbc.onlyRow(this.connection, "select current_setting('client_min_messages')"),
					0);
			sendInSilence(sql, data);
			this.channel.execute(limit(before));
		}
		else {
			// Set for the session, it would stay if the session isn't ours alone.
			this.channel.execute("BEGIN");
			try {
				sendInSilence(sql, data);
				this.channel.execute("COMMIT");
			}
			finally {
				if (isInTransaction() && !this.connection.isClosed()) {
					this.channel.execute("ROLLBACK");
				}
			}
		}
	}

	private boolean isInTransaction() throws SQLException {
		return !this.connection.getAutoCommit() || this.connection.getTransactionState() != TransactionState.IDLE;
	}

	private void sendInSilence(String sql, String data) throws SQLException {
		logger.info("What the server says about the rows of a large COPY is not shown, not even warnings: {}",
				SqlExcerpt.line(sql));
		this.channel.execute(limit("error"));
		send(sql, data);
	}

	private static String limit(String level) {
		return "SET LOCAL client_min_messages = " + SqlDialect.POSTGRESQL.literal(level);
	}

	private void send(String sql, String data) throws SQLException {
		CopyIn copy = this.connection.getCopyAPI().copyIn(sql);
		try {
			for (int from = 0; from < data.length();) {
				int to = Math.min(from + CHUNK, data.length());
				if (to < data.length() && Character.isHighSurrogate(data.charAt(to - 1))) {
					to++;
				}
				byte[] bytes = data.substring(from, to).getBytes(StandardCharsets.UTF_8);
				copy.writeToCopy(bytes, 0, bytes.length);
				from = to;
			}
			copy.endCopy();
		}
		finally {
			if (copy.isActive()) {
				copy.cancelCopy();
			}
		}
	}

}
