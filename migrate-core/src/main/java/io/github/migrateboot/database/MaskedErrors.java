package io.github.migrateboot.database;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.github.migrateboot.failure.Causes;
import org.jspecify.annotations.Nullable;

/**
 * Copies errors whose texts, or those of what they are chained to, contain secrets: the
 * copies differ in their texts only, and are of the nearest kind that JDBC has. What
 * contains none is left as it is.
 */
final class MaskedErrors {

	/** More special ones before those that they extend. */
	private static final List<Kind> KINDS = List.of(
			new Kind(SQLTransientConnectionException.class, SQLTransientConnectionException::new),
			new Kind(SQLTransactionRollbackException.class, SQLTransactionRollbackException::new),
			new Kind(SQLTimeoutException.class, SQLTimeoutException::new),
			new Kind(SQLTransientException.class, SQLTransientException::new),
			new Kind(SQLNonTransientConnectionException.class, SQLNonTransientConnectionException::new),
			new Kind(SQLInvalidAuthorizationSpecException.class, SQLInvalidAuthorizationSpecException::new),
			new Kind(SQLIntegrityConstraintViolationException.class, SQLIntegrityConstraintViolationException::new),
			new Kind(SQLFeatureNotSupportedException.class, SQLFeatureNotSupportedException::new),
			new Kind(SQLSyntaxErrorException.class, SQLSyntaxErrorException::new),
			new Kind(SQLDataException.class, SQLDataException::new),
			new Kind(SQLNonTransientException.class, SQLNonTransientException::new),
			new Kind(SQLRecoverableException.class, SQLRecoverableException::new));

	private final UnaryOperator<String> mask;

	private final Map<Throwable, Throwable> copies = new IdentityHashMap<>();

	private MaskedErrors(UnaryOperator<String> mask) {
		this.mask = mask;
	}

	/**
	 * Mask an error.
	 * @param error the error
	 * @param mask masks secrets in a text
	 * @return the error itself, or a copy
	 */
	static Throwable mask(Throwable error, UnaryOperator<String> mask) {
		return new MaskedErrors(mask).masked(error);
	}

	private Throwable masked(Throwable error) {
		if (!containsSecret(error)) {
			return error;
		}
		Throwable known = this.copies.get(error);
		return (known != null) ? known : copy(error);
	}

	private Throwable copy(Throwable error) {
		String message = (error.getMessage() != null) ? this.mask.apply(error.getMessage()) : null;
		Throwable copy = (error instanceof SQLException sql) ? ofKind(sql, message) : new Copy(error, message);
		this.copies.put(error, copy);
		copy.setStackTrace(error.getStackTrace());
		Throwable cause = error.getCause();
		if (cause != null && cause != error) {
			copy.initCause(masked(cause));
		}
		for (Throwable suppressed : error.getSuppressed()) {
			copy.addSuppressed(masked(suppressed));
		}
		if (error instanceof SQLException sql && sql.getNextException() != null) {
			((SQLException) copy).setNextException((SQLException) masked(sql.getNextException()));
		}
		return copy;
	}

	private static SQLException ofKind(SQLException error, @Nullable String message) {
		return KINDS.stream()
			.filter((kind) -> kind.type().isInstance(error))
			.findFirst()
			.orElse(new Kind(SQLException.class, SQLException::new))
			.factory()
			.create(message, error.getSQLState(), error.getErrorCode());
	}

	/**
	 * Return whether there is a secret in what is printed of an error. What is chained to
	 * SQL errors is no part of that.
	 */
	private boolean containsSecret(Throwable error) {
		return Causes.of(error)
			.stream()
			.map(MaskedErrors::trace)
			.anyMatch((text) -> !text.equals(this.mask.apply(text)));
	}

	private static String trace(Throwable error) {
		StringWriter trace = new StringWriter();
		error.printStackTrace(new PrintWriter(trace));
		return trace.toString();
	}

	/**
	 * A kind of error that JDBC has.
	 *
	 * @param type its class
	 * @param factory creates one
	 */
	private record Kind(Class<? extends SQLException> type, Factory factory) {

	}

	/**
	 * Creates an error of a kind.
	 */
	@FunctionalInterface
	private interface Factory {

		SQLException create(@Nullable String message, @Nullable String state, int code);

	}

	/**
	 * A copy of something else than an {@link SQLException}, which prints itself as that.
	 */
	private static final class Copy extends Exception {

		private final String type;

		Copy(Throwable error, @Nullable String message) {
			super(message);
			this.type = error.getClass().getName();
		}

		@Override
		public String toString() {
			return (getMessage() != null) ? this.type + ": " + getMessage() : this.type;
		}

	}

}
