package io.github.migrateboot.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * How migrations connect. A bean of this type wins over the properties
 * {@code migrate.url}, {@code migrate.username}, {@code migrate.password} and
 * {@code migrate.driver-class-name}.
 */
public interface MigrateConnectionDetails extends ConnectionDetails {

	/**
	 * Return the JDBC URL.
	 * @return the URL, or {@code null} for that of the application's DataSource
	 */
	@Nullable String getJdbcUrl();

	/**
	 * Return the user.
	 * @return the user, or {@code null} for that of the application's DataSource if there
	 * is no URL either
	 */
	@Nullable String getUsername();

	/**
	 * Return the user's password.
	 * @return the password, or {@code null}
	 */
	@Nullable String getPassword();

	/**
	 * Return the class of the driver.
	 * @return the class's name, or {@code null} to find it by the URL
	 */
	default @Nullable String getDriverClassName() {
		return null;
	}

}
