package io.github.migrateboot.failure;

/**
 * Something failed that is nobody's SQL, file or setting: a defect, here or in what the
 * application has put in place of our own.
 */
public class UnexpectedFailureException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause the cause
	 */
	public UnexpectedFailureException(FailureText description, String action, Throwable cause) {
		super(description, action, cause);
	}

}
