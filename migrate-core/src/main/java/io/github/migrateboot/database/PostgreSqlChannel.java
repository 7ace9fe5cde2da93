package io.github.migrateboot.database;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.function.IntConsumer;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PreferQueryMode;
import org.postgresql.core.Field;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.postgresql.core.TransactionState;
import org.postgresql.core.Tuple;
import org.postgresql.jdbc.AutoSave;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * Executes statements by means of the layer of PostgreSQL's driver below JDBC, because
 * JDBC keeps all rows or asks for some of them, keeps everything that the server says,
 * and splits statements once more.
 * <p>
 * A statement is a message of the simple protocol, as {@code psql} and dbmate send it:
 * the server executes it to its end, whatever the driver's settings are, and each row is
 * dropped as it arrives. Several may be sent before the first is answered, because a
 * transaction in which one has failed refuses the others. Those that begin the
 * transaction are sent by the extended protocol, of which the server skips what follows
 * an error, even if it is {@code BEGIN} that has failed; there the driver wants one row
 * of each at most.
 */
final class PostgreSqlChannel implements SqlChannel {

	private final BaseConnection connection;

	private final ServerMessages messages;

	PostgreSqlChannel(BaseConnection connection, ServerMessage.Listener listener) {
		this.connection = connection;
		this.messages = new ServerMessages(listener);
	}

	@Override
	public void execute(String sql, @Nullable String data) throws SQLException {
		if (data == null) {
			send(List.of(sql), QueryExecutor.QUERY_EXECUTE_AS_SIMPLE, new Answers((answered) -> {
			}));
			return;
		}
		try {
			new PostgreSqlCopy(this.connection, this).execute(sql, data);
		}
		finally {
			for (SQLWarning message = executor().getWarnings(); message != null; message = message.getNextWarning()) {
				tell(message);
			}
		}
	}

	@Override
	public boolean isPipelined() {
		// Of what is sent by the simple protocol the server skips nothing.
		return executor().getPreferQueryMode() != PreferQueryMode.SIMPLE;
	}

	@Override
	public void executeAll(List<String> statements, IntConsumer answered) throws SQLException {
		Answers answers = new Answers(answered);
		try {
			boolean begin = executor().getTransactionState() == TransactionState.IDLE;
			send(statements, begin ? QueryExecutor.QUERY_ONESHOT : QueryExecutor.QUERY_EXECUTE_AS_SIMPLE, answers);
		}
		catch (SQLException ex) {
			BatchUpdateException failure = new BatchUpdateException(ex.getMessage(), ex.getSQLState(),
					ex.getErrorCode(), new int[Math.min(answers.count, statements.size() - 1)], ex);
			failure.setNextException(ex);
			throw failure;
		}
	}

	private void send(List<String> statements, int how, Answers answers) throws SQLException {
		QueryExecutor executor = executor();
		Query query = executor.wrap(statements.stream().map(PostgreSqlChannel::unparsed).toList());
		int begin = this.connection.getAutoCommit() ? QueryExecutor.QUERY_SUPPRESS_BEGIN : 0;
		AutoSave autoSave = executor.getAutoSave();
		// A savepoint is of no use where the first failure ends everything, and some
		// statements are refused after one.
		executor.setAutoSave(AutoSave.NEVER);
		try {
			executor.execute(query, null, answers, 0, 0, how | QueryExecutor.QUERY_NO_RESULTS | begin);
		}
		finally {
			executor.setAutoSave(autoSave);
			query.close();
		}
	}

	private static NativeQuery unparsed(String sql) {
		return new NativeQuery(sql, null, false, SqlCommand.BLANK);
	}

	private QueryExecutor executor() {
		return this.connection.getQueryExecutor();
	}

	private void tell(SQLWarning message) {
		this.messages.tell((message instanceof PSQLWarning known) ? message(known) : ServerMessage.of(message));
	}

	private static ServerMessage message(PSQLWarning warning) {
		ServerErrorMessage message = warning.getServerErrorMessage();
		String file = message.getFile();
		String routine = message.getRoutine();
		ServerMessage.Source source = (file != null && routine != null) ? new ServerMessage.Source(file, routine)
				: null;
		return new ServerMessage(String.valueOf(message.getSeverity()), warning.getSQLState(),
				String.valueOf(warning.getMessage()), source);
	}

	@Override
	public void cancel() throws SQLException {
		this.connection.cancelQuery();
	}

	@Override
	public void close() {
		this.messages.close();
	}

	/**
	 * Counts the answers up to the first error, and drops them.
	 */
	private final class Answers extends ResultHandlerBase {

		private final IntConsumer answered;

		private int count;

		private @Nullable SQLException error;

		private @Nullable Throwable unrelated;

		Answers(IntConsumer answered) {
			this.answered = answered;
		}

		@Override
		public void handleResultRows(Query query, Field[] fields, List<Tuple> rows, @Nullable ResultCursor cursor) {
			count();
		}

		@Override
		public void handleCommandStatus(String status, long updateCount, long insertOid) {
			count();
		}

		/**
		 * A commit that follows an error is answered like any other statement.
		 */
		private void count() {
			if (this.error == null) {
				this.count++;
				tellCount();
			}
		}

		/**
		 * Whatever is wrong with who is told, the answers have to be read to their end.
		 */
		private void tellCount() {
			try {
				this.answered.accept(this.count);
			}
			catch (Throwable ex) {
				this.unrelated = ex;
			}
		}

		@Override
		public void handleWarning(SQLWarning warning) {
			if (!PostgreSqlFlush.isNotice(warning)) {
				tell(warning);
			}
		}

		/**
		 * In a transaction that has failed, one error follows another.
		 */
		@Override
		public void handleError(SQLException newError) {
			if (this.error == null) {
				this.error = newError;
			}
		}

		@Override
		public @Nullable SQLException getException() {
			return this.error;
		}

		@Override
		public void handleCompletion() throws SQLException {
			if (this.unrelated instanceof Error unrelated) {
				throw unrelated;
			}
			if (this.unrelated instanceof RuntimeException unrelated) {
				throw unrelated;
			}
			if (this.error != null) {
				throw this.error;
			}
		}

	}

}
