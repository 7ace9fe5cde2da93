package io.github.migrateboot.failure;

import java.util.List;

/**
 * Thrown when migrating one of several databases failed. The cause says why.
 */
public class DatabaseFailedException extends MigrationException {

	/**
	 * Create an exception.
	 * @param description what happened, where and why
	 * @param action what to do now
	 * @param cause why migrating the database failed
	 */
	public DatabaseFailedException(String description, String action, MigrationException cause) {
		super(description, action, cause);
	}

	private DatabaseFailedException(FailureText description, MigrationException cause) {
		super(description, cause.getAction(), cause);
	}

	/**
	 * Create the exception for a database.
	 * @param name the database's name
	 * @param after the names of the databases that were not migrated because of this
	 * @param cause why migrating the database failed
	 * @return the exception
	 */
	public static DatabaseFailedException of(String name, List<String> after, MigrationException cause) {
		String rest = after.isEmpty() ? ""
				: "\nThe databases after it were not looked at: " + String.join(", ", after) + ".";
		return new DatabaseFailedException(FailureText.of("Database '" + name + "': ").and(cause.text()).and(rest),
				cause);
	}

}
