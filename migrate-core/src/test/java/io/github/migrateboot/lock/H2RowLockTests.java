package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link H2RowLock}.
 */
class H2RowLockTests extends LockContractTests {

	H2RowLockTests() {
		super(TestServer.H2, "row");
	}

	@Override
	void loseLock(Contender holder) throws SQLException {
		abort(Jdbc.value(holder.connection, "select \"lock_session\" from \"schema_migrations_lock\""));
	}

	private void abort(Object session) {
		database().execute("call abort_session(" + session + ")");
	}

	@Override
	void assertLeavesNothingBehind(Contender contender) throws SQLException {
		try (Connection administrator = administrator()) {
			// The one that holds the lock has a transaction, nobody else.
			assertThat(Jdbc.value(administrator,
					"select count(*) from information_schema.sessions where contains_uncommitted"))
				.isEqualTo("1");
			assertThat(Jdbc.value(administrator, "select count(*) from information_schema.locks l"
					+ " where not exists (select 1 from \"schema_migrations_lock\" k where k.\"lock_session\" = l.session_id)"))
				.isEqualTo("0");
		}
	}

	@Test
	void statementOfAKilledProcessIsWaitedFor() throws SQLException {
		Contender other = contender();
		try (ChildJvm child = ContenderProcess.executing(database(), LockChoice.AUTO,
				"create table slow as select sum(a.x * b.x) s from system_range(1, 20000) a, system_range(1, 400) b")) {
			child.awaitOutput("HOLDS THE LOCK", Duration.ofSeconds(30));
			Awaitility.await().until(() -> other.strategy.holder().orElseThrow().statement() != null);
			child.kill();
			int busy = 0;
			while (other.tryAcquire().isEmpty()) {
				busy++;
			}
			assertThat(busy).isPositive();
			// It ran to its end, and only then the lock was free.
			assertThat(database().jdbc().queryForObject("select count(*) from slow", Integer.class)).isOne();
			assertThat(child.output()).doesNotContain("executed");
		}
	}

	@Test
	void aSessionWithTheSameIdIsNotTakenForThePreviousRunner() throws SQLException {
		Contender contender = contender();
		contender.tryAcquire().orElseThrow().close();
		try (Connection bystander = administrator()) {
			String id = Jdbc.value(bystander, "select session_id()");
			database().execute("update \"schema_migrations_lock\" set \"session\" = " + id
					+ ", \"session_start\" = timestamp '2026-01-01 00:00:00'");
			contender.tryAcquire().orElseThrow().close();
			database().execute("update \"schema_migrations_lock\" set (\"session\", \"session_start\") = "
					+ "(select session_id, session_start from information_schema.sessions where session_id = " + id
					+ ")");
			assertThat(contender.tryAcquire()).isEmpty();
		}
	}

	@Test
	void survivesDdlOnTheMigratingConnection() throws SQLException {
		Contender holder = contender();
		MigrationLock lock = holder.tryAcquire().orElseThrow();
		Jdbc.execute(holder.connection, "create table t (id int)");
		Jdbc.execute(holder.connection, "alter table t add column name varchar(10)");
		Jdbc.execute(holder.connection, "drop table t");
		lock.verify();
		assertThat(contender().tryAcquire()).isEmpty();
	}

	@Test
	void isNotTakenOverWhenTheRowLockIsGoneButTheMigratingSessionLives() throws SQLException {
		Contender holder = contender();
		MigrationLock lock = holder.tryAcquire().orElseThrow();
		Contender other = contender();
		loseLock(holder);
		assertThat(other.tryAcquire()).isEmpty();
		lock.close();
		other.tryAcquire().orElseThrow().close();
	}

	@Test
	void alterOfTheLockTableLetsNobodyElseIn() throws SQLException {
		Contender holder = contender();
		holder.tryAcquire().orElseThrow();
		database().execute("alter table \"schema_migrations_lock\" add column note varchar(10)");
		assertThat(contender().tryAcquire()).isEmpty();
	}

	@Test
	void aUserWhoCannotSeeSessionsIsRefused() throws SQLException {
		String user = database().createUserWithoutRights();
		contender().tryAcquire().orElseThrow().close();
		try (Contender contender = new Contender(database().url(), user, "secret", Contender.Options.DEFAULTS)) {
			assertThatExceptionOfType(UnsupportedDatabaseException.class).isThrownBy(contender::tryAcquire)
				.withMessageContaining("ADMIN TRUE");
		}
	}

	@Test
	void whatIsCommittedIsWrittenAtOnceWhileItIsHeld() throws SQLException {
		database().execute("set write_delay 250");
		Contender holder = contender();
		MigrationLock lock = holder.tryAcquire().orElseThrow();
		assertThat(writeDelay()).isEqualTo("0");
		lock.close();
		assertThat(writeDelay()).isEqualTo("250");
	}

	@Test
	void delayThatAMigrationSetsStays() throws SQLException {
		Contender holder = contender();
		MigrationLock lock = holder.tryAcquire().orElseThrow();
		Jdbc.execute(holder.connection, "set write_delay 70");
		lock.close();
		assertThat(writeDelay()).isEqualTo("70");
	}

	private String writeDelay() throws SQLException {
		try (Connection administrator = administrator()) {
			return Jdbc.value(administrator, "select distinct setting_value from information_schema.settings"
					+ " where setting_name = 'WRITE_DELAY'");
		}
	}

}
