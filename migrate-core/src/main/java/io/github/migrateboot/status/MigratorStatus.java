package io.github.migrateboot.status;

import java.time.Instant;

import io.github.migrateboot.database.Blocking;
import io.github.migrateboot.database.StatementProgress;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.lock.LockHolder;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of what a {@code Migrator} is doing, known without asking the database.
 *
 * @param state the state
 * @param since since when it is in this state
 * @param database name and version of the database, or {@code null} while unknown
 * @param lock the lock in use and why, or {@code null} while none was needed
 * @param pending how many migrations are still to be applied, or {@code null} while
 * unknown
 * @param holder who holds the lock while this instance waits, or {@code null}
 * @param running what this instance is applying, or {@code null}
 * @param report what the last run has done, or {@code null}
 * @param failure why the last run failed, or {@code null}
 */
public record MigratorStatus(State state, Instant since, @Nullable String database, @Nullable String lock,
		@Nullable Integer pending, @Nullable LockHolder holder, @Nullable Running running,
		@Nullable MigrationReport report, @Nullable MigrationException failure) {

	/**
	 * What a migrator is doing.
	 */
	public enum State {

		/**
		 * The run has not started, or is finding out what is pending.
		 */
		PENDING,

		/**
		 * Waiting for the lock.
		 */
		WAITING,

		/**
		 * Applying migrations.
		 */
		MIGRATING,

		/**
		 * Everything is applied.
		 */
		DONE,

		/**
		 * The last run failed.
		 */
		FAILED

	}

	/**
	 * A migration that is being applied.
	 *
	 * @param version its version
	 * @param name its file's name
	 * @param statement the number of the running statement, from 1; 0 while all of them
	 * run as one batch
	 * @param statements how many statements it has
	 * @param since when it was started
	 * @param progress how far the server is with what is being executed, as it was asked
	 * last, or {@code null} if it does not tell
	 * @param blocking how many sessions wait because of it, as was seen last, or
	 * {@code null} if nobody has been seen waiting
	 */
	public record Running(String version, String name, int statement, int statements, Instant since,
			@Nullable StatementProgress progress, @Nullable Blocking blocking) {

		/**
		 * Create one of which no progress is known, and that blocks nobody.
		 * @param version its version
		 * @param name its file's name
		 * @param statement the number of the running statement
		 * @param statements how many statements it has
		 * @param since when it was started
		 */
		public Running(String version, String name, int statement, int statements, Instant since) {
			this(version, name, statement, statements, since, null, null);
		}

		boolean isSameStatementAs(Running other) {
			return this.version.equals(other.version) && this.statement == other.statement
					&& this.since.equals(other.since);
		}

		Running with(@Nullable StatementProgress progress) {
			return new Running(this.version, this.name, this.statement, this.statements, this.since, progress,
					this.blocking);
		}

		Running with(@Nullable Blocking blocking) {
			return new Running(this.version, this.name, this.statement, this.statements, this.since, this.progress,
					blocking);
		}

	}

}
