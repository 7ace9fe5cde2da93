package io.github.migrateboot.failure;

/**
 * A migration was not started, because shortly before it had kept the application's
 * traffic waiting for too long.
 */
public class TrafficBlockedException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 */
	public TrafficBlockedException(FailureText description, String action) {
		super(description, action, null);
	}

}
