package io.github.migrateboot.engine.execution;

import java.time.Duration;

import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.history.JournalEntry;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.settings.BlockingSettings;
import org.jspecify.annotations.Nullable;

/**
 * How often the fuse has ended the tries of one migration, and what follows: one that
 * queued for a lock itself is tried again like after any lock timeout, one that blocked
 * others by its own work once more.
 */
final class FuseTrips {

	private final Fuse fuse;

	private final BlockingSettings settings;

	private int notedTry;

	private int byOwnWork;

	private @Nullable Trip last;

	FuseTrips(Fuse fuse, BlockingSettings settings) {
		this.fuse = fuse;
		this.settings = settings;
	}

	/**
	 * Note how a try has failed.
	 * @param number which try it was, from 1
	 * @return whether it was ended by the fuse
	 */
	boolean note(int number) {
		if (number != this.notedTry) {
			this.notedTry = number;
			this.last = this.fuse.trip();
			this.byOwnWork += (this.last != null && this.last.isOwnWork()) ? 1 : 0;
		}
		return this.last != null;
	}

	/**
	 * Return whether the fuse has ended the try that was noted last.
	 */
	boolean isLast() {
		return this.last != null;
	}

	/**
	 * Return whether it was not the migration's own work that blocked, or is so for the
	 * first time.
	 */
	boolean isAnotherTryLeft() {
		return this.last == null || !this.last.isOwnWork() || this.byOwnWork == 1;
	}

	/**
	 * Return how long to pause before the next try.
	 * @param usual how long after a lock timeout
	 */
	Duration pause(Duration usual) {
		boolean longer = this.last != null && this.last.isOwnWork() && usual.compareTo(this.settings.pause()) < 0;
		return longer ? this.settings.pause() : usual;
	}

	/**
	 * Say in sentences what has happened.
	 */
	FailureText explain() {
		return FailureText
			.of((this.last != null) ? "It was cancelled because it kept " + BlockingReport.describe(this.last.victims())
					+ " (migrate.statement.max-blocking is " + max() + "). " : "");
	}

	/**
	 * Return the reason of a failure as it is journalled: other instances know by it that
	 * they must not try at once what has been given up.
	 */
	String journalled(String reason) {
		return (this.last != null && this.last.isOwnWork())
				? JournalEntry.BLOCKED_TRAFFIC + BlockingReport.describe(this.last.victims()) + ". " + reason : reason;
	}

	/**
	 * Say what is to be done now, as a clause.
	 */
	String remedy() {
		Trip trip = this.last;
		if (trip != null && !trip.isOwnWork()) {
			return "Wait until nobody is in the way of the migration any more, or raise migrate.statement.max-blocking";
		}
		return "Change the file so that its long work locks nobody out (as with CREATE INDEX CONCURRENTLY, with NOT VALID and"
				+ " a VALIDATE of its own, or in batches), or remove migrate.statement.max-blocking when there is no traffic"
				+ " (otherwise starts fail with the same reason for " + ElapsedTime.seconds(this.settings.rest()) + ")";
	}

	private String max() {
		Duration max = this.settings.max();
		return (max != null) ? ElapsedTime.seconds(max) : "none";
	}

}
