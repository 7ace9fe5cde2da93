package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LockStrategies} and {@link NoLock}.
 */
@ExtendWith(OutputCaptureExtension.class)
class LockStrategiesTests {

	@ParameterizedTest
	@CsvSource({ "SQLITE, FILE, file", "H2, ROW, row", "POSTGRES_EMBEDDED, SESSION, session",
			"POSTGRES_EMBEDDED, PINNED, pinned", "POSTGRES_EMBEDDED, LEASE, lease" })
	void fittingStrategyCanBeChosen(TestServer server, LockChoice choice, String name) throws SQLException {
		try (TestDatabase database = server.create();
				Contender contender = Contender.on(database, Contender.Options.DEFAULTS.withChoice(choice))) {
			assertThat(contender.strategy.name()).isEqualTo(name);
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"SQLITE | ROW | migrate.lock.strategy is row, which SQLite can't do. Set it to auto, file or none.",
			"H2 | SESSION | migrate.lock.strategy is session, which H2 can't do. Set it to auto, row or none.",
			"H2 | LEASE | migrate.lock.strategy is lease, which H2 can't do: the statement of a killed process runs "
					+ "on there, and nobody would know when the lease ends. Set it to auto, row or none.",
			"SQLITE | LEASE | migrate.lock.strategy is lease, which SQLite can't do: nothing can be written "
					+ "beside a migration, so a lease could not be renewed. Set it to auto, file or none.",
			"H2 | PINNED | migrate.lock.strategy is pinned, which H2 can't do. Set it to auto, row or none.",
			"POSTGRES_EMBEDDED | FILE | migrate.lock.strategy is file, which PostgreSQL can't do. "
					+ "Set it to auto, session or none." })
	void strategyThatDoesNotFitIsRefused(TestServer server, LockChoice choice, String message) {
		try (TestDatabase database = server.create()) {
			assertThatExceptionOfType(InvalidSettingException.class)
				.isThrownBy(() -> Contender.on(database, Contender.Options.DEFAULTS.withChoice(choice)))
				.withMessage(message);
		}
	}

	@Test
	void sessionBehindAPoolerIsRefused() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				PgBouncer pgBouncer = PgBouncer.start(database)) {
			TestDatabase pooled = pgBouncer.through(database);
			assertThatExceptionOfType(InvalidSettingException.class)
				.isThrownBy(() -> Contender.on(pooled, Contender.Options.DEFAULTS.withChoice(LockChoice.SESSION)))
				.withMessage("migrate.lock.strategy is session, but a connection pooler such as PgBouncer stands "
						+ "between: a session's lock would be left on a connection to the server that others use. "
						+ "Set it to auto or pinned, or connect directly to the server.");
			assertThatExceptionOfType(InvalidSettingException.class)
				.isThrownBy(() -> Contender.on(pooled, Contender.Options.DEFAULTS.withChoice(LockChoice.ROW)))
				.withMessage(
						"migrate.lock.strategy is row, which PostgreSQL can't do. Set it to auto, pinned or none.");
			assertThatExceptionOfType(InvalidSettingException.class)
				.isThrownBy(() -> Contender.on(pooled, Contender.Options.DEFAULTS.withChoice(LockChoice.LEASE)))
				.withMessage("migrate.lock.strategy is lease, which PostgreSQL can't do behind a connection pooler, "
						+ "where its second connection may not get a session of its own. Set it to auto, pinned or "
						+ "none.");
		}
	}

	@Test
	void noneLocksNothingAndWarns(CapturedOutput output) throws SQLException {
		try (TestDatabase database = TestServer.SQLITE.create();
				Contender one = Contender.on(database, Contender.Options.DEFAULTS.withChoice(LockChoice.NONE));
				Contender other = Contender.on(database, Contender.Options.DEFAULTS.withChoice(LockChoice.NONE));
				MigrationLock first = one.tryAcquire().orElseThrow();
				MigrationLock second = other.tryAcquire().orElseThrow()) {
			first.verify();
			second.verify();
			assertThat(Jdbc.isTrue(one.connection, first.condition())).isTrue();
			assertThat(one.strategy.name()).isEqualTo("none");
			assertThat(one.strategy.describe()).isEqualTo("no lock, because migrate.lock.strategy is none");
			assertThat(one.strategy.holder()).isEmpty();
		}
		assertThat(output).contains("WARN").contains("Migrations run without a lock");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:lock", "jdbc:sqlite::memory:" })
	void databaseOfThisProcessNeedsNoLockAndNoWarning(String url, CapturedOutput output) throws SQLException {
		try (Connection connection = DriverManager.getConnection(url)) {
			LockStrategy strategy = LockStrategies.choose(LockChoice.AUTO, request(connection, null));
			assertThat(strategy.name()).isEqualTo("none");
			assertThat(strategy.describe()).contains("no other process can reach this database");
			strategy.close();
		}
		assertThat(output).doesNotContain("WARN");
	}

	@ParameterizedTest
	@CsvSource({ "' ', 1 characters and is blank", "'', 0 characters and is blank", "LONG, 201 characters" })
	void unusableNameIsRefused(String name, String cause) throws SQLException {
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
			LockRequest request = request(connection, "LONG".equals(name) ? "x".repeat(201) : name);
			assertThatExceptionOfType(InvalidSettingException.class)
				.isThrownBy(() -> LockStrategies.choose(LockChoice.AUTO, request))
				.withMessage("migrate.lock.name has %s. Set it to a name of 1 to 200 characters, or remove it.", cause);
		}
	}

	private static LockRequest request(Connection connection, @Nullable String name) throws SQLException {
		Database database = Databases.detect(connection);
		return new LockRequest(Databases.probe(connection), connection, () -> connection,
				database.resolve(database.parseTableName("schema_migrations"), connection), name,
				Duration.ofSeconds(30), new Instance("host-1", 1, "orders"));
	}

}
