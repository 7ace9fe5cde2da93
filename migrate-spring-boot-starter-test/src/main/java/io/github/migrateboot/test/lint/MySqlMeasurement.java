package io.github.migrateboot.test.lint;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

import io.github.migrateboot.database.DatabaseErrors;
import io.github.migrateboot.database.ServerMessage;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.observation.ObservedStatement;
import io.github.migrateboot.script.OnlineDdl;
import io.github.migrateboot.script.OnlineDdl.Form;
import org.jspecify.annotations.Nullable;

/**
 * Executes a statement that alters an old table, and finds out what the server made of
 * it: whether it would do it while others write, and whether it copied the table.
 *
 * @param statement the statement
 * @param ddl the statement with the request to let others write
 */
record MySqlMeasurement(ObservedStatement statement, OnlineDdl ddl) {

	/** Rises by what is read row by row, which DDL does only to copy. */
	private static final String ROWS_READ = "SHOW SESSION STATUS LIKE 'Handler_read_rnd_next'";

	private static final Pattern BLOCKS = Pattern.compile("\\bLOCK\\s*=?\\s*(SHARED|EXCLUSIVE)\\b",
			Pattern.CASE_INSENSITIVE);

	/**
	 * What was found out.
	 *
	 * @param refusal what the server said when it was asked to let others write, or
	 * {@code null} if it does or was not asked
	 * @param copied whether it copied the table although it had not refused
	 * @param blocks whether writers wait
	 */
	record Measured(@Nullable String refusal, boolean copied, boolean blocks) {

	}

	Measured execute() throws SQLException {
		if (this.ddl.form() == Form.ASKING) {
			DatabaseErrors errors = this.statement.database().errors();
			try {
				return new Measured(null, isCopied(this.ddl.text()), false);
			}
			catch (SQLException ex) {
				if (errors.isNotOnline(ex)) {
					this.statement.execute();
					return new Measured(SqlErrors.describe(ex, this.ddl.text()), false, true);
				}
				if (!errors.isNotParsed(ex)) {
					throw ex;
				}
			}
		}
		String text = this.statement.statement().text();
		boolean copied = isCopied(text);
		return new Measured(null, copied, copied || (this.ddl.form() == Form.DECIDED && BLOCKS.matcher(text).find()));
	}

	/**
	 * Execute a text.
	 * @return whether the server copied the table, as far as it can be asked
	 */
	private boolean isCopied(String text) throws SQLException {
		boolean asks = !this.statement.isJoined() && !this.statement.isFollowed();
		long before = asks ? rowsRead() : 0;
		long own = asks ? rowsRead() - before : 0;
		this.statement.execute(text, ServerMessage.Listener.LOG);
		return asks && rowsRead() - before > 2 * own;
	}

	private long rowsRead() throws SQLException {
		Connection connection = this.statement.connection();
		try (Statement query = connection.createStatement(); ResultSet row = query.executeQuery(ROWS_READ)) {
			row.next();
			return row.getLong(2);
		}
	}

}
