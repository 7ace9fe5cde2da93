package io.github.migrateboot.failure;

import java.io.IOException;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Causes}.
 */
class CausesTests {

	@Test
	void errorComesFirst() {
		IOException io = new IOException("refused");
		SQLException error = new SQLException("no connection", io);
		IllegalStateException failure = new IllegalStateException(error);
		assertThat(Causes.of(failure)).containsExactly(failure, error, io);
	}

	@Test
	void errorsThatAreChainedAndTheirCauses() {
		IOException io = new IOException("refused");
		SQLException error = new SQLException("entry 3", new IllegalStateException("cause"));
		error.setNextException(new SQLException("of the server", io));
		assertThat(Causes.of(new IllegalStateException(error)))
			.containsSubsequence(error, error.getCause(), error.getNextException(), io)
			.hasSize(5);
	}

	@Test
	@Timeout(value = 5, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void cycleOfCauses() {
		SQLException error = new SQLException("first");
		IllegalStateException cause = new IllegalStateException(error);
		error.initCause(cause);
		assertThat(Causes.of(error)).containsExactly(error, cause);
	}

	@Test
	@Timeout(value = 5, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void cycleOfErrorsThatAreChained() {
		SQLException error = new SQLException("first");
		SQLException next = new SQLException("next", error);
		error.setNextException(next);
		assertThat(Causes.of(error)).containsExactly(error, next);
	}

}
