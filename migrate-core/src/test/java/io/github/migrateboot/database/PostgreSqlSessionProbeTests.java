package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.github.migrateboot.database.SessionProbe.Activity;
import io.github.migrateboot.database.SessionProbe.State;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PostgreSqlSessionProbe}.
 */
class PostgreSqlSessionProbeTests {

	/**
	 * Otherwise a session that has been idle since before a statement was sent would be
	 * taken for one that has answered it, and a healthy migration be ended.
	 */
	@Test
	void sessionHasNotBeenIdleForLessThanItHas() throws SQLException {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				Connection watched = database.connect();
				Connection other = database.connect()) {
			List<@Nullable String> session = Jdbc.onlyRow(watched,
					"select pid, backend_start::text from pg_stat_activity where pid = pg_backend_pid()");
			SessionProbe probe = new PostgreSqlSessionProbe(Integer.parseInt(Jdbc.text(session, 0)),
					Jdbc.text(session, 1));
			for (int i = 0; i < 2000; i++) {
				Jdbc.execute(watched, "select 1");
				long answered = System.nanoTime();
				while (System.nanoTime() - answered < i * 1000) {
					Thread.onSpinWait();
				}
				Duration elapsed = Duration.ofNanos(System.nanoTime() - answered);
				Activity activity = probe.ask(other);
				assertThat(activity.state()).isEqualTo(State.IDLE);
				assertThat(activity.since()).isGreaterThanOrEqualTo(elapsed);
			}
		}
	}

}
