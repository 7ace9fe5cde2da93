package io.github.migrateboot.autoconfigure;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;

import javax.sql.DataSource;

import io.github.migrateboot.failure.Causes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.util.ClassUtils;

/**
 * Opens connections with the driver itself, equal to those of a {@link DataSource} but
 * outside its pool and without a network timeout.
 */
final class DirectConnector {

	private static final Logger logger = LoggerFactory.getLogger(DirectConnector.class);

	private final String url;

	private final @Nullable String driverClassName;

	private final @Nullable Driver driver;

	private final Supplier<Credentials> credentials;

	private final PoolSettings settings;

	private DirectConnector(String url, @Nullable String driverClassName, @Nullable Driver driver,
			Supplier<Credentials> credentials, PoolSettings settings) {
		this.url = url;
		this.driverClassName = driverClassName;
		this.driver = driver;
		this.credentials = credentials;
		this.settings = settings;
	}

	/**
	 * Derive a connector, looking through proxies and wrappers whatever they do.
	 * @param dataSource the application's DataSource
	 * @return the connector, or empty if the DataSource does not tell its URL
	 */
	static Optional<DirectConnector> derivedFrom(DataSource dataSource) {
		DataSource root = RootDataSource.of(dataSource);
		try {
			PoolSettings settings = PoolSettings.of(root);
			DataSourceBuilder<Target> builder = DataSourceBuilder.derivedFrom(root).type(Target.class);
			if (settings.credentials() != null) {
				// not every pool lets its password be read
				builder.username("").password("");
			}
			Target target = builder.build();
			String url = target.getUrl();
			if (url == null) {
				return Optional.empty();
			}
			Credentials told = new Credentials(target.getUsername(), target.getPassword());
			Driver driver = (root instanceof SimpleDriverDataSource simple) ? simple.getDriver() : null;
			return Optional.of(new DirectConnector(url, target.driverClassName, driver,
					(settings.credentials() != null) ? settings.credentials() : () -> told, settings));
		}
		catch (RuntimeException ex) {
			// a DataSource may lack any of the getters, and says so in many ways
			logger.debug("No connection can be derived from a {} ({})", root.getClass().getName(), ex.toString());
			return Optional.empty();
		}
	}

	/**
	 * Create a connector.
	 * @param url the JDBC URL
	 * @param credentials the user
	 * @param driverClassName the driver's class, or {@code null} to find it by the URL
	 * @param driverProperties driver properties
	 * @return the connector
	 */
	static DirectConnector to(String url, Credentials credentials, @Nullable String driverClassName,
			Map<String, String> driverProperties) {
		return new DirectConnector(url, driverClassName, null, () -> credentials,
				PoolSettings.NONE.with(driverProperties));
	}

	/**
	 * Return a connector that differs in the user.
	 * @param credentials the user
	 * @param driverProperties more driver properties
	 * @return the connector
	 */
	DirectConnector as(Credentials credentials, Map<String, String> driverProperties) {
		return new DirectConnector(this.url, this.driverClassName, this.driver, () -> credentials,
				this.settings.with(driverProperties));
	}

	/**
	 * Return what tells where connections lead and whose they are.
	 */
	Object destination() {
		return Arrays.asList(this.url, Objects.requireNonNullElse(this.credentials.get().username(), ""),
				this.settings.catalog(), this.settings.schema());
	}

	/**
	 * Return whether connections are those of this URL and user.
	 */
	boolean leadsTo(String url, Credentials credentials) {
		return url.equals(this.url) && credentials.isSameAs(this.credentials.get());
	}

	/**
	 * Return the same connector with the credentials of now, which a pool may fetch from
	 * elsewhere and change while it runs.
	 */
	DirectConnector withCurrentCredentials() {
		Credentials current = this.credentials.get();
		return new DirectConnector(this.url, this.driverClassName, this.driver, () -> current, this.settings);
	}

	/**
	 * Return whether another connector connects to the same place as the same user with
	 * the same password.
	 */
	boolean isSameAs(@Nullable DirectConnector other) {
		return other != null && leadsTo(other.url, other.credentials.get());
	}

	/**
	 * Open a connection.
	 * @param driverProperties driver properties that win over those of the DataSource
	 * @return a connection in autocommit, which the caller closes
	 * @throws SQLException if it cannot be opened or set up
	 */
	Connection connect(Map<String, String> driverProperties) throws SQLException {
		Connection connection = connect(properties(driverProperties));
		try {
			liftNetworkTimeout(connection);
			if (!connection.getAutoCommit()) {
				connection.setAutoCommit(true);
			}
			applySettings(connection);
			return connection;
		}
		catch (SQLException | RuntimeException ex) {
			closeAfter(connection, ex);
			throw ex;
		}
	}

	private Connection connect(Properties properties) throws SQLException {
		Driver driver = (this.driver != null) ? this.driver : findDriver();
		Connection connection;
		try {
			connection = driver.connect(this.url, properties);
		}
		catch (SQLException ex) {
			throw containsSecret(ex, properties) ? withoutSecret(ex, driver) : ex;
		}
		if (connection == null) {
			throw new SQLException(
					"The driver %s does not accept the URL of the DataSource".formatted(driver.getClass().getName()));
		}
		return connection;
	}

	private Driver findDriver() throws SQLException {
		String className = this.driverClassName;
		ClassLoader classLoader = ClassUtils.getDefaultClassLoader();
		if (className != null && ClassUtils.isPresent(className, classLoader)) {
			Class<?> type = ClassUtils.resolveClassName(className, classLoader);
			Driver driver = BeanUtils.instantiateClass(type, Driver.class);
			if (driver.acceptsURL(this.url)) {
				return driver;
			}
		}
		return DriverManager.getDriver(this.url);
	}

	private Properties properties(Map<String, String> driverProperties) {
		Properties properties = new Properties();
		this.settings.driverProperties().forEach(properties::setProperty);
		Credentials credentials = this.credentials.get();
		if (credentials.username() != null) {
			properties.setProperty("user", credentials.username());
		}
		if (credentials.password() != null) {
			properties.setProperty("password", credentials.password());
		}
		driverProperties.forEach(properties::setProperty);
		return properties;
	}

	private boolean containsSecret(SQLException exception, Properties properties) {
		String password = properties.getProperty("password", "");
		for (Throwable cause : Causes.of(exception)) {
			String message = String.valueOf(cause.getMessage());
			if (message.contains(this.url) || (!password.isEmpty() && message.contains(password))) {
				return true;
			}
		}
		return false;
	}

	private static SQLException withoutSecret(SQLException exception, Driver driver) {
		return new SQLException(
				"The driver %s cannot connect; what it says is left out, because it contains the password or the URL"
					.formatted(driver.getClass().getName()),
				exception.getSQLState(), exception.getErrorCode());
	}

	private static void liftNetworkTimeout(Connection connection) throws SQLException {
		try {
			// on this thread: a driver that does it later could do it after the statement
			connection.setNetworkTimeout(Runnable::run, 0);
		}
		catch (SQLFeatureNotSupportedException | AbstractMethodError ex) {
			logger.debug("The driver has no network timeout");
		}
	}

	private void applySettings(Connection connection) throws SQLException {
		if (this.settings.catalog() != null) {
			connection.setCatalog(this.settings.catalog());
		}
		if (this.settings.schema() != null) {
			connection.setSchema(this.settings.schema());
		}
		for (String sql : this.settings.initSql()) {
			try (Statement statement = connection.createStatement()) {
				statement.execute(sql);
			}
		}
	}

	private static void closeAfter(Connection connection, Exception failure) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
		}
	}

	/**
	 * Takes what {@link DataSourceBuilder} finds out, and does not load the driver.
	 */
	static final class Target extends DriverManagerDataSource {

		private @Nullable String driverClassName;

		@Override
		public void setDriverClassName(String driverClassName) {
			this.driverClassName = driverClassName;
		}

	}

}
