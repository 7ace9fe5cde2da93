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

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.UserCredentialsDataSourceAdapter;
import org.springframework.util.ClassUtils;

/**
 * Opens connections with the driver itself, equal to those of a {@link DataSource} but
 * outside its pool and without a network timeout.
 */
final class DirectConnector {

	private static final Logger logger = LoggerFactory.getLogger(DirectConnector.class);

	private final Target target;

	private final @Nullable Driver driver;

	private final PoolSettings settings;

	private DirectConnector(Target target, @Nullable Driver driver, PoolSettings settings) {
		this.target = target;
		this.driver = driver;
		this.settings = settings;
	}

	/**
	 * Derive a connector, looking through proxies and wrappers.
	 * @param dataSource the application's DataSource
	 * @return the connector, or empty if the DataSource does not tell how it connects
	 */
	static Optional<DirectConnector> derivedFrom(DataSource dataSource) {
		if (hidesCredentials(dataSource)) {
			return Optional.empty();
		}
		DataSource root = DataSourceUnwrapper.unwrapRoot(dataSource);
		try {
			PoolSettings settings = PoolSettings.of(root);
			DataSourceBuilder<Target> builder = DataSourceBuilder.derivedFrom(root).type(Target.class);
			if (settings.password() != null) {
				builder.password(settings.password());
			}
			Target target = builder.build();
			if (target.getUrl() == null) {
				return Optional.empty();
			}
			Driver driver = (root instanceof SimpleDriverDataSource simple) ? simple.getDriver() : null;
			return Optional.of(new DirectConnector(target, driver, settings));
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
	 * @param username the user, or {@code null}
	 * @param password the password, or {@code null}
	 * @param driverClassName the driver's class, or {@code null} to find it by the URL
	 * @return the connector
	 */
	static DirectConnector to(String url, @Nullable String username, @Nullable String password,
			@Nullable String driverClassName) {
		Target target = new Target();
		target.setUrl(url);
		if (driverClassName != null) {
			target.setDriverClassName(driverClassName);
		}
		return new DirectConnector(target, null, PoolSettings.NONE).as(username, password, Map.of());
	}

	/**
	 * Return a connector that differs in the user.
	 * @param username the user, or {@code null} for the same
	 * @param password the user's password, or {@code null}
	 * @param driverProperties more driver properties
	 * @return the connector
	 */
	DirectConnector as(@Nullable String username, @Nullable String password, Map<String, String> driverProperties) {
		Target other = new Target();
		other.setUrl(this.target.requiredUrl());
		other.driverClassName = this.target.driverClassName;
		other.setUsername((username != null) ? username : this.target.getUsername());
		other.setPassword((username != null) ? password : this.target.getPassword());
		return new DirectConnector(other, this.driver, this.settings.with(driverProperties));
	}

	/**
	 * Return what tells where connections lead and whose they are.
	 */
	Object destination() {
		return Arrays.asList(this.target.getUrl(), Objects.requireNonNullElse(this.target.getUsername(), ""),
				this.settings.catalog(), this.settings.schema());
	}

	/**
	 * Return whether connections are those of this URL, user and password.
	 */
	boolean leadsTo(String url, @Nullable String username, @Nullable String password) {
		return url.equals(this.target.getUrl()) && isSame(username, this.target.getUsername())
				&& isSame(password, this.target.getPassword());
	}

	private static boolean isSame(@Nullable String one, @Nullable String other) {
		return Objects.requireNonNullElse(one, "").equals(Objects.requireNonNullElse(other, ""));
	}

	private static boolean hidesCredentials(DataSource dataSource) {
		DataSource candidate = dataSource;
		while (candidate instanceof DelegatingDataSource delegating) {
			if (candidate instanceof UserCredentialsDataSourceAdapter) {
				return true;
			}
			candidate = delegating.getTargetDataSource();
		}
		return false;
	}

	/**
	 * Open a connection.
	 * @param driverProperties driver properties that win over those of the DataSource
	 * @return a connection in autocommit, which the caller closes
	 * @throws SQLException if it cannot be opened or set up
	 */
	Connection connect(Map<String, String> driverProperties) throws SQLException {
		String url = this.target.requiredUrl();
		Connection connection = connect(url, properties(driverProperties));
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

	private Connection connect(String url, Properties properties) throws SQLException {
		Driver driver = (this.driver != null) ? this.driver : findDriver(url);
		Connection connection;
		try {
			connection = driver.connect(url, properties);
		}
		catch (SQLException ex) {
			throw containsSecret(ex, url, properties) ? withoutSecret(ex, driver) : ex;
		}
		if (connection == null) {
			throw new SQLException(
					"The driver %s does not accept the URL of the DataSource".formatted(driver.getClass().getName()));
		}
		return connection;
	}

	private Driver findDriver(String url) throws SQLException {
		String className = this.target.driverClassName;
		ClassLoader classLoader = ClassUtils.getDefaultClassLoader();
		if (className != null && ClassUtils.isPresent(className, classLoader)) {
			Class<?> type = ClassUtils.resolveClassName(className, classLoader);
			Driver driver = BeanUtils.instantiateClass(type, Driver.class);
			if (driver.acceptsURL(url)) {
				return driver;
			}
		}
		return DriverManager.getDriver(url);
	}

	private Properties properties(Map<String, String> driverProperties) {
		Properties properties = new Properties();
		this.settings.driverProperties().forEach(properties::setProperty);
		if (this.target.getUsername() != null) {
			properties.setProperty("user", this.target.getUsername());
		}
		if (this.target.getPassword() != null) {
			properties.setProperty("password", this.target.getPassword());
		}
		driverProperties.forEach(properties::setProperty);
		return properties;
	}

	private static boolean containsSecret(SQLException exception, String url, Properties properties) {
		String password = properties.getProperty("password", "");
		for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
			String message = String.valueOf(cause.getMessage());
			if (message.contains(url) || (!password.isEmpty() && message.contains(password))) {
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

		private String requiredUrl() {
			String url = getUrl();
			if (url == null) {
				throw new IllegalStateException("There is no URL");
			}
			return url;
		}

	}

}
