package io.github.migrateboot.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * {@link ConnectionDetailsFactory} for databases of Docker Compose: migrations connect as
 * the application does.
 */
final class JdbcAdaptingMigrateConnectionDetailsFactory
		implements ConnectionDetailsFactory<JdbcConnectionDetails, MigrateConnectionDetails> {

	@Override
	public MigrateConnectionDetails getConnectionDetails(JdbcConnectionDetails source) {
		return new MigrateConnectionDetails() {

			@Override
			public String getJdbcUrl() {
				return source.getJdbcUrl();
			}

			@Override
			public @Nullable String getUsername() {
				return source.getUsername();
			}

			@Override
			public @Nullable String getPassword() {
				return source.getPassword();
			}

			@Override
			public String getDriverClassName() {
				return source.getDriverClassName();
			}

		};
	}

}
