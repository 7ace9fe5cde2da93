package io.github.migrateboot.status;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.status.MigratorStatus.Running;
import org.jspecify.annotations.Nullable;

/**
 * Is told what one {@code Migrator} does, on the thread that migrates. What it throws is
 * logged and changes nothing.
 * <p>
 * {@link #completed} and {@link #failed} are told when the run has ended and nothing is
 * locked any more: there it may stop the migrator, or start another run and wait for it.
 * By then another run may be going on, on another thread, whose news may overtake.
 * Everything else is told in the middle of the run, one call at a time, while the lock
 * may be held: there it should return soon, can't start a run, and must not wait for what
 * waits for this run, such as the closing of the application context.
 */
public interface MigrationListener {

	/**
	 * A migration begins.
	 * @param migration the migration
	 */
	default void migrationStarted(Running migration) {
	}

	/**
	 * A migration ended with a lock timeout or a deadlock, and is retried after a pause
	 * that begins now.
	 * @param migration the migration
	 */
	default void migrationRetried(Running migration) {
	}

	/**
	 * A migration has ended, well or not. Follows {@link #migrationStarted}.
	 * @param migration the migration
	 * @param outcome how it ended
	 * @param took how long it took, including waiting for the lock if it is taken for
	 * each migration
	 * @param failure why it failed, if it did
	 */
	default void migrationEnded(Running migration, Outcome outcome, Duration took,
			@Nullable MigrationException failure) {
	}

	/**
	 * The lock was needed, and is held now or not needed any more; or waiting for it has
	 * failed.
	 * @param waited how long it was waited for, not negative
	 */
	default void lockWaited(Duration waited) {
	}

	/**
	 * A run has ended well; the migrator's status says so already.
	 * @param report what it has done
	 */
	default void completed(MigrationReport report) {
	}

	/**
	 * A run has failed; the migrator's status says so already.
	 * @param failure why
	 */
	default void failed(MigrationException failure) {
	}

	/**
	 * Creates the listener of one database. An application's beans of this type are used
	 * for each of its migrators.
	 */
	@FunctionalInterface
	interface Factory {

		/**
		 * Create a listener.
		 * @param database the name of the database, {@code default} if there is only one
		 * @param status what the migrator of that database is doing, asked without asking
		 * the database
		 * @return the listener
		 */
		MigrationListener create(String database, Supplier<MigratorStatus> status);

	}

	/**
	 * How a migration ended.
	 */
	enum Outcome {

		/**
		 * Applied and recorded.
		 */
		APPLIED,

		/**
		 * Found to be applied by another program or instance when its turn had come.
		 */
		ELSEWHERE,

		/**
		 * Rolled back, and its record removed.
		 */
		ROLLED_BACK,

		/**
		 * Failed.
		 */
		FAILED

	}

}
