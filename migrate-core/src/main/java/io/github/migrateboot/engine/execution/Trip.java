package io.github.migrateboot.engine.execution;

import io.github.migrateboot.database.Victims;

/**
 * Why a try was ended by the {@link Fuse}.
 *
 * @param victims whom it kept waiting
 * @param late whether it was over when it was cancelled, so that the migration behind it
 * was hit
 */
record Trip(Victims victims, boolean late) {

	Trip(Victims victims) {
		this(victims, false);
	}

	/**
	 * Return whether it was the migration's own work that others waited for, and not a
	 * lock that the migration waited for itself.
	 */
	boolean isOwnWork() {
		return !this.victims.queueing() && !this.late;
	}

	Trip tooLate() {
		return new Trip(this.victims, true);
	}

}
