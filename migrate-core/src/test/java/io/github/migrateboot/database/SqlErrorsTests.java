package io.github.migrateboot.database;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.stream.Stream;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SqlErrors}.
 */
class SqlErrorsTests {

	private static final String SECRET = "hunter2";

	private static final String TEXT = "no connection to jdbc:x://h/db?user=me&password=" + SECRET;

	private static Throwable causeOf(SQLException error) {
		Throwable cause = SqlErrors.access("looking", error).getCause();
		assertThat(cause).isNotNull();
		return cause;
	}

	private static Throwable next(Throwable error) {
		return ((SQLException) error).getNextException();
	}

	private static String trace(Throwable error) {
		StringWriter text = new StringWriter();
		error.printStackTrace(new PrintWriter(text));
		return text.toString();
	}

	static Stream<SQLException> kinds() {
		return Stream.of(new SQLException(TEXT, "08001", 1), new SQLTransientConnectionException(TEXT, "08001", 1),
				new SQLNonTransientConnectionException(TEXT, "08001", 1), new SQLTransientException(TEXT, "08001", 1),
				new SQLTimeoutException(TEXT, "08001", 1), new SQLRecoverableException(TEXT, "08001", 1),
				new SQLInvalidAuthorizationSpecException(TEXT, "08001", 1));
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void kindIsKept(SQLException error) {
		assertThat(causeOf(error)).isExactlyInstanceOf(error.getClass())
			.hasMessage(TEXT.replace(SECRET, "***"))
			.asInstanceOf(InstanceOfAssertFactories.type(SQLException.class))
			.satisfies((copy) -> {
				assertThat(copy.getSQLState()).isEqualTo("08001");
				assertThat(copy.getErrorCode()).isEqualTo(1);
				assertThat(copy.getStackTrace()).isEqualTo(error.getStackTrace());
			});
	}

	@Test
	void kindOfTheDriverBecomesTheNearestThatJdbcHas() {
		SQLException error = new SQLNonTransientConnectionException(TEXT, "08001", 1) {
		};
		assertThat(causeOf(error)).isExactlyInstanceOf(SQLNonTransientConnectionException.class);
	}

	@Test
	void whatItIsChainedToIsKeptWithoutSecrets() {
		IOException io = new IOException("refused", new IllegalArgumentException(TEXT));
		SQLException error = new SQLTransientConnectionException("pool is empty", "08001", 7, io);
		error.setNextException(new SQLTimeoutException(TEXT));
		error.addSuppressed(new SQLException("suppressed", new IllegalStateException(TEXT)));
		Throwable cause = causeOf(error);
		assertThat(cause).isExactlyInstanceOf(SQLTransientConnectionException.class).hasMessage("pool is empty");
		assertThat(trace(cause))
			.contains("java.io.IOException: refused", "java.lang.IllegalArgumentException: no conn", "suppressed",
					"java.lang.IllegalStateException: no conn", "password=***")
			.doesNotContain(SECRET);
		assertThat(next(cause)).isExactlyInstanceOf(SQLTimeoutException.class).hasMessageNotContaining(SECRET);
	}

	@Test
	void secretInANextExceptionOnly() {
		SQLException error = new BatchUpdateException("entry 3", new int[0]);
		error.setNextException(new SQLException(TEXT));
		assertThat(next(causeOf(error))).isNotNull().hasMessageNotContaining(SECRET);
	}

	@Test
	void withoutSecretsItIsTheErrorItself() {
		SQLException error = new SQLException("refused", new IOException("no route"));
		assertThat(causeOf(error)).isSameAs(error);
	}

	@Test
	void causeThatIsACycle() {
		SQLException error = new SQLException(TEXT);
		IllegalStateException cause = new IllegalStateException(error);
		error.initCause(cause);
		assertThat(trace(causeOf(error))).doesNotContain(SECRET);
	}

}
