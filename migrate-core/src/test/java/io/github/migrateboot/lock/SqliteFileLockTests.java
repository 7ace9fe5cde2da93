package io.github.migrateboot.lock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SqliteFileLock}.
 */
class SqliteFileLockTests extends LockContractTests {

	SqliteFileLockTests() {
		super(TestServer.SQLITE, "file");
	}

	@Override
	void loseLock(Contender holder) {
		try {
			Files.delete(sideFile());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Path sideFile() {
		return Path.of(database().url().replace("jdbc:sqlite:", "") + "-schema_migrations-lock");
	}

	@Override
	boolean conditionTells() {
		return false;
	}

	@Override
	void assertLeavesNothingBehind(Contender contender) throws SQLException {
		// Both files can be written to, the side file as soon as its holder allows.
		try (Connection administrator = administrator()) {
			Jdbc.execute(administrator, "PRAGMA busy_timeout = 0");
			Jdbc.execute(administrator, "BEGIN EXCLUSIVE");
			Jdbc.execute(administrator, "COMMIT");
		}
	}

	@Test
	void mainFileIsNotHeld() throws SQLException {
		MigrationLock lock = contender().tryAcquire().orElseThrow();
		database().execute("create table t (id int)", "insert into t values (1)");
		lock.verify();
		assertThat(sideFile()).exists();
	}

	@Test
	void endOfTheSideConnectionIsFoundOut() throws SQLException {
		Contender contender = contender();
		MigrationLock lock = contender.tryAcquire().orElseThrow();
		contender.strategy.close();
		assertThatExceptionOfType(LockLostException.class).isThrownBy(lock::verify);
		lock.close();
	}

	@Test
	void replacedSideFileIsFoundOut() throws SQLException {
		Contender contender = contender();
		MigrationLock lock = contender.tryAcquire().orElseThrow();
		loseLock(contender);
		Contender other = contender();
		try (MigrationLock second = other.tryAcquire().orElseThrow()) {
			assertThatExceptionOfType(LockLostException.class).isThrownBy(lock::verify);
			second.verify();
		}
	}

	@Test
	void isNotTakenInSomebodyElsesName() throws SQLException {
		contender().tryAcquire().orElseThrow().close();
		Contender contender = contender();
		try (Connection side = DriverManager.getConnection("jdbc:sqlite:" + sideFile())) {
			// As if another had written its name between ours and the lock.
			for (String event : List.of("INSERT", "UPDATE OF token")) {
				Jdbc.execute(side,
						"CREATE TRIGGER \"%s\" AFTER %s ON holder WHEN new.token <> 'other' ".formatted(event, event)
								+ "BEGIN UPDATE holder SET token = 'other'; END");
			}
			assertThat(contender.tryAcquire()).isEmpty();
			Jdbc.execute(side, "DROP TRIGGER \"INSERT\"");
			Jdbc.execute(side, "DROP TRIGGER \"UPDATE OF token\"");
		}
		contender.tryAcquire().orElseThrow().close();
	}

	@Test
	void longNamesFitAFileName() throws SQLException {
		Contender.Options options = Contender.Options.DEFAULTS.withTable("ü".repeat(200));
		try (MigrationLock lock = contender(options).tryAcquire().orElseThrow()) {
			lock.verify();
			assertThat(contender(options).tryAcquire()).isEmpty();
		}
	}

	@Test
	void tableNamesThatDifferInCaseAreOneTable() throws SQLException {
		try (MigrationLock lock = contender(Contender.Options.DEFAULTS.withTable("Versions")).tryAcquire()
			.orElseThrow()) {
			lock.verify();
			assertThat(contender(Contender.Options.DEFAULTS.withTable("versions")).tryAcquire()).isEmpty();
		}
	}

}
