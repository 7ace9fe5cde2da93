package io.github.migrateboot.engine.run;

import java.sql.SQLException;
import java.time.Duration;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.connection.SessionFactory;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.StopSignal;

/**
 * Opens the migrating session.
 *
 * @param sessions opens sessions
 * @param look what was seen before
 * @param timeout how long a database that is busy is waited for
 * @param signal ends that
 */
record SessionOpening(SessionFactory sessions, PendingCheck look, Duration timeout, StopSignal signal) {

	private static final Duration BUSY_PAUSE = Duration.ofMillis(20);

	MigrationSession open(AnswerWatch answers) {
		return answers.during("opening a connection for migrations", this::openNow);
	}

	private MigrationSession openNow() {
		ElapsedTime time = new ElapsedTime();
		while (true) {
			try {
				return this.sessions.open(this.look.destination(), this.look.driverProperties());
			}
			catch (SQLException ex) {
				// A shared cache of SQLite can't be asked anything while another writes.
				boolean busy = this.look.database().errors().isLockTimeout(ex)
						&& time.get().compareTo(this.timeout) < 0;
				if (!busy || !isGoingOn()) {
					throw SqlErrors.access("migrating", ex);
				}
			}
		}
	}

	private boolean isGoingOn() {
		try {
			return this.signal.pause(BUSY_PAUSE);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
