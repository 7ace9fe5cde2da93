package io.github.migrateboot.database;

import java.sql.SQLException;
import java.util.Set;

/**
 * What PostgreSQL's SQL states mean.
 */
final class PostgreSqlErrors implements DatabaseErrors {

	/**
	 * A unique index of the catalog refuses a second one that is created at the same
	 * time; otherwise it is a duplicate table or schema.
	 */
	private static final Set<String> ALREADY_THERE = Set.of("23505", "42P07", "42P06");

	@Override
	public boolean isMissingTable(SQLException error) {
		return is(error, Set.of("42P01", "3F000"));
	}

	@Override
	public boolean isPermissionDenied(SQLException error) {
		return is(error, Set.of("42501"));
	}

	@Override
	public boolean isAlreadyThere(SQLException error) {
		return is(error, ALREADY_THERE);
	}

	@Override
	public boolean isDeadlock(SQLException error) {
		return is(error, Set.of("40P01", "40001"));
	}

	@Override
	public boolean isLockTimeout(SQLException error) {
		return is(error, Set.of("55P03"));
	}

	@Override
	public boolean isTimeLimit(SQLException error) {
		return is(error, Set.of("57014"));
	}

	@Override
	public boolean isNullRefused(SQLException error) {
		return is(error, Set.of("23502"));
	}

	@Override
	public boolean isRefusedInTransaction(SQLException error) {
		// active_sql_transaction, invalid_transaction_termination,
		// unsafe_new_enum_value_usage
		return is(error, Set.of("25001", "2D000", "55P04"));
	}

	@Override
	public int position(SQLException error) {
		return PostgreSqlDriver.errorPosition(error);
	}

	private static boolean is(SQLException error, Set<String> states) {
		return SqlErrors.any(error, (one) -> states.contains(String.valueOf(one.getSQLState())));
	}

}
