package io.github.migrateboot.actuate;

import java.util.Objects;

import io.github.migrateboot.failure.ErrorCode;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.lock.LockHolder;
import org.jspecify.annotations.Nullable;

/**
 * Whether the texts of statements are shown, and what databases say, which quotes them.
 * If they are not, what is left is the place, the state and the code.
 */
enum StatementTexts {

	/**
	 * Everything is shown.
	 */
	SHOWN {

		@Override
		String statement(String sql) {
			return sql;
		}

		@Override
		String failure(MigrationException failure) {
			return failure.getDescription();
		}

		@Override
		String error(String journalled) {
			return journalled;
		}

		@Override
		String unexpected(Throwable error) {
			return error.toString();
		}

		@Override
		String holder(LockHolder holder) {
			return holder.describe();
		}

	},

	/**
	 * Nothing of them is shown.
	 */
	HIDDEN {

		@Override
		String statement(String sql) {
			return MASK;
		}

		@Override
		String failure(MigrationException failure) {
			return failure.getSummary();
		}

		@Override
		String error(String journalled) {
			return Objects.requireNonNullElse(ErrorCode.in(journalled), MASK);
		}

		@Override
		String unexpected(Throwable error) {
			return error.getClass().getName();
		}

		@Override
		String holder(LockHolder holder) {
			return holder.withoutStatement().describe();
		}

	};

	/** As Spring Boot's own endpoints have it. */
	private static final String MASK = "******";

	static StatementTexts of(boolean shown) {
		return shown ? SHOWN : HIDDEN;
	}

	abstract String statement(String sql);

	/**
	 * Return why a run failed.
	 */
	abstract String failure(MigrationException failure);

	/**
	 * Return why a migration failed, as the journal keeps it.
	 */
	abstract String error(String journalled);

	/**
	 * Return what is known of an error that nobody has worded.
	 */
	abstract String unexpected(Throwable error);

	/**
	 * Return who holds the lock, in a clause.
	 */
	abstract String holder(LockHolder holder);

	/**
	 * Return a statement that may not be there.
	 */
	@Nullable String statementOrNull(@Nullable String sql) {
		return (sql != null) ? statement(sql) : null;
	}

	@Nullable String errorOrNull(@Nullable String journalled) {
		return (journalled != null) ? error(journalled) : null;
	}

}
