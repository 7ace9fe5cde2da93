package io.github.migrateboot.status;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.status.MigratorStatus.Running;
import org.jspecify.annotations.Nullable;

/**
 * Is told what one {@code Migrator} does, on the thread that migrates, one call at a
 * time. It should return soon, because the lock may be held meanwhile. What it throws is
 * logged and changes nothing.
 */
public interface MigrationListener {

	/**
	 * A migration begins.
	 * @param migration the migration
	 */
	default void migrationStarted(Running migration) {
	}

	/**
	 * A migration gave way to others, because a lock was not free in time or because of a
	 * deadlock, and is tried again after a pause that begins now.
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
	 * A run has ended well.
	 * @param report what it has done
	 */
	default void completed(MigrationReport report) {
	}

	/**
	 * A run has failed.
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
