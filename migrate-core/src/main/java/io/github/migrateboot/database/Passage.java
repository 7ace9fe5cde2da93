package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * How our own tables are written in spite of what a migration has set in its session:
 * another role, or that it only reads.
 *
 * @param before executed before it, one by one
 * @param after executed after it, so that the session is again as the migration left it
 * @param isNeedless whether nothing has to be written, because the transaction changes
 * nothing
 */
public record Passage(List<String> before, List<String> after, boolean isNeedless) {

	/**
	 * Nothing stands in the way.
	 */
	static final Passage FREE = new Passage(List.of(), List.of(), false);

	/**
	 * Nothing has to be written.
	 */
	static final Passage NEEDLESS = new Passage(List.of(), List.of(), true);

	public Passage {
		before = List.copyOf(before);
		after = List.copyOf(after);
	}

	static Passage between(List<String> before, List<String> after) {
		return new Passage(before, after, false);
	}

	/**
	 * Return whether nothing stands in the way.
	 * @return whether the tables can be written as they are
	 */
	public boolean isFree() {
		return this.before.isEmpty() && !this.isNeedless;
	}

	/**
	 * Write, unless that is needless.
	 * @param connection the migrating connection
	 * @param work writes
	 * @throws SQLException if it fails
	 */
	public void pass(Connection connection, SqlAction work) throws SQLException {
		if (this.isNeedless) {
			return;
		}
		for (String sql : this.before) {
			Jdbc.execute(connection, sql);
		}
		work.run();
		for (String sql : this.after) {
			Jdbc.execute(connection, sql);
		}
	}

	/**
	 * Where is written.
	 */
	public enum Place {

		/**
		 * Outside a transaction.
		 */
		ALONE,

		/**
		 * In a transaction that the engine has started.
		 */
		OUR_TRANSACTION,

		/**
		 * In a transaction that the migration has started, right before it may be
		 * committed.
		 */
		ITS_TRANSACTION

	}

}
