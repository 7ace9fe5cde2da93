package io.github.migrateboot.database;

import java.sql.SQLWarning;

/**
 * A statement that has PostgreSQL send at once what it has answered so far. Otherwise it
 * keeps the answers to what was sent together until there is nothing left to do, or 8 kB
 * of them, so that nobody knows how far it is.
 * <p>
 * Of the messages of the protocol the driver sends none that asks for this. But whenever
 * the server has a notice for the client it also sends what it has
 * ({@code send_message_to_frontend} in {@code elog.c}), and about a name that is too long
 * it has one ({@code truncate_identifier} in {@code scansup.c}), even where the statement
 * itself does nothing. A session that does not want notices is told later.
 */
public final class PostgreSqlFlush {

	private static final String NAME_TOO_LONG = "42622";

	private static final String NAME = "migrate_" + "_".repeat(56);

	/**
	 * The statement, for the inside of a transaction.
	 */
	public static final String STATEMENT = "UNLISTEN " + NAME;

	private PostgreSqlFlush() {
	}

	/**
	 * Return whether a notice is the one that this provokes, which is of no interest.
	 */
	static boolean isNotice(SQLWarning notice) {
		return NAME_TOO_LONG.equals(notice.getSQLState()) && String.valueOf(notice.getMessage()).contains(NAME);
	}

}
