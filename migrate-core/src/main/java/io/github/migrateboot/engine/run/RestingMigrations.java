package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.TrafficBlockedException;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.JournalAttempt;
import io.github.migrateboot.history.JournalEntry;

/**
 * Keeps a migration from being started that has just been given up because it kept the
 * application's traffic waiting: other instances would do the same to it again. The
 * database's clock decides, and a changed file is another migration.
 *
 * @param connection the migrating connection
 * @param history the tables
 * @param rest for how long
 */
record RestingMigrations(Connection connection, History history, Duration rest) {

	/**
	 * Refuse to start a migration that is to rest.
	 * @throws TrafficBlockedException if it is
	 */
	void requireNone(Migration migration) throws SQLException {
		Optional<JournalEntry> entry = this.history.attempt(this.connection, migration.version())
			.map(JournalAttempt::entry)
			.filter(JournalEntry::hasBlockedTraffic)
			.filter((failed) -> failed.checksum().equals(migration.script().checksum()));
		Instant ended = entry.map(JournalEntry::finishedAt).orElse(null);
		if (ended == null) {
			return;
		}
		Duration left = this.rest.minus(Duration.between(ended, this.history.now(this.connection)));
		if (left.isNegative() || left.isZero()) {
			return;
		}
		String error = Objects.requireNonNull(entry.get().error());
		throw new TrafficBlockedException(
				FailureText.of("Migration " + migration + " was given up by " + entry.get().instance() + " at " + ended)
					.and(new FailureText(". " + error, " because it kept the application's traffic waiting"))
					.and(". It would do so again, so it was not started, and nothing was applied in this run."),
				"Change the file so that it does its long work without locking others out, or remove"
						+ " migrate.statement.max-blocking, and start again. As it is, it may be tried again in "
						+ Math.max(1, left.toSeconds()) + " s.");
	}

}
