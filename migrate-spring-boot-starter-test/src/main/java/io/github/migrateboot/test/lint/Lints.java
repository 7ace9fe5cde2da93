package io.github.migrateboot.test.lint;

/**
 * The databases on which migrations can be looked at.
 */
public final class Lints {

	private Lints() {
	}

	/**
	 * Create a lint.
	 * @param vendor the database, by Spring Boot's name for it
	 * @param release whether the files are released together, so that what one of them
	 * creates is new for the others; otherwise each file stands for itself
	 * @return the lint
	 * @throws IllegalStateException if migrations can't be looked at on this database
	 */
	public static Lint of(String vendor, boolean release) {
		return switch (vendor) {
			case "postgresql" -> new PostgresLint(release);
			case "mysql", "mariadb" -> new MySqlLint(release);
			default -> throw new IllegalStateException(
					"What migrations do to a running service can be measured on PostgreSQL, MySQL and MariaDB, and this database is %s. Use a DataSource that leads to a server of the kind that production has, for example one in a container."
						.formatted(vendor));
		};
	}

}
