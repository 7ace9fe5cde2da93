package io.github.migrateboot.autoconfigure;

import java.sql.Connection;
import java.util.Map;
import java.util.Optional;

import javax.sql.DataSource;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.failure.InvalidSettingException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.ClassUtils;

/**
 * Finds out which database is to be migrated, and how to connect to it.
 */
final class ConnectionsFactory {

	private final ListableBeanFactory beanFactory;

	private final ObjectProvider<DataSource> dataSource;

	private final ObjectProvider<DataSource> migrateDataSource;

	private final ObjectProvider<MigrateConnectionDetails> details;

	/**
	 * Create a factory.
	 * @param beanFactory where the DataSources are
	 * @param dataSource the DataSource if there is one or a primary one
	 * @param migrateDataSource the DataSource that is qualified
	 * @param details connection details that win over properties
	 */
	ConnectionsFactory(ListableBeanFactory beanFactory, ObjectProvider<DataSource> dataSource,
			ObjectProvider<DataSource> migrateDataSource, ObjectProvider<MigrateConnectionDetails> details) {
		this.beanFactory = beanFactory;
		this.dataSource = dataSource;
		this.migrateDataSource = migrateDataSource;
		this.details = details;
	}

	/**
	 * Create connections. What cannot be resolved is an error at once, unless it does not
	 * matter because migrations are disabled.
	 * @param prefix the prefix of the properties, for error texts
	 * @param properties the properties
	 * @param named whether they are those of one of several databases
	 * @return the connections
	 */
	MigrationConnections create(String prefix, MigrateProperties properties, boolean named) {
		try {
			return resolve(prefix, properties, named);
		}
		catch (InvalidSettingException ex) {
			if (properties.enabled()) {
				throw ex;
			}
			return new Unresolved(ex);
		}
	}

	private MigrationConnections resolve(String prefix, MigrateProperties properties, boolean named) {
		String name = properties.dataSource();
		if (name != null) {
			return withUser(prefix, properties, named(prefix, name),
					new Credentials(properties.username(), properties.password()));
		}
		// what is there once for the application says nothing about a database with a URL
		boolean elsewhere = named && properties.url() != null;
		MigrateConnectionDetails details = elsewhere ? null : this.details.getIfAvailable();
		DataSource qualified = elsewhere ? null : this.migrateDataSource.getIfAvailable();
		String url = (details != null) ? details.getJdbcUrl() : properties.url();
		Credentials own = new Credentials(properties.username(), properties.password());
		Credentials user = (details != null) ? new Credentials(details.getUsername(), details.getPassword()) : own;
		if (qualified != null) {
			return withUser(prefix, properties, qualified, own);
		}
		DataSource unique = this.dataSource.getIfUnique();
		if (url == null) {
			return withUser(prefix, properties, (unique != null) ? unique : failWithoutChoice(prefix), user);
		}
		if (unique != null && isOf(unique, url, user)) {
			// the application's own, so its pool will do
			return new DataSourceConnections(unique, properties.properties());
		}
		String driver = requireClass(prefix,
				(details != null) ? details.getDriverClassName() : properties.driverClassName());
		DirectConnector connector = DirectConnector.to(url, user, driver, properties.properties());
		return new DirectConnections(() -> connector);
	}

	private MigrationConnections withUser(String prefix, MigrateProperties properties, DataSource dataSource,
			Credentials user) {
		if (user.username() == null) {
			return new DataSourceConnections(dataSource, properties.properties());
		}
		// derived each time, because a pool's settings can be changed while it runs
		return new DirectConnections(() -> DirectConnector.derivedFrom(dataSource)
			.orElseThrow(() -> new InvalidSettingException(
					prefix + ".username is set, but the DataSource does not tell its URL.",
					"Set " + prefix + ".url as well."))
			.as(user, properties.properties()));
	}

	private DataSource named(String prefix, String name) {
		if (this.beanFactory.containsBean(name) && this.beanFactory.isTypeMatch(name, DataSource.class)) {
			return this.beanFactory.getBean(name, DataSource.class);
		}
		throw new InvalidSettingException(
				prefix + ".data-source is \"" + name + "\", and there is no DataSource bean of that name.",
				hasDataSources() ? "Set it to one of " + candidates() + "."
						: "Define that bean, or set " + prefix + ".url instead.");
	}

	private DataSource failWithoutChoice(String prefix) {
		if (!hasDataSources()) {
			throw new InvalidSettingException("There is no DataSource to migrate.",
					"Define one, or set " + prefix + ".url.");
		}
		throw new InvalidSettingException(
				"It is not known which database to migrate: of the DataSource beans " + candidates()
						+ " none is the primary one.",
				"Set " + prefix + ".data-source to the name of one of them, mark one as @MigrateDataSource or @Primary,"
						+ " or set migrate.databases.<name>.data-source for each one that is to be migrated."
						+ " migrate.enabled=false starts without migrations.");
	}

	private boolean hasDataSources() {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, DataSource.class).length > 0;
	}

	private String candidates() {
		return String.join(", ",
				BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, DataSource.class));
	}

	private static boolean isOf(DataSource dataSource, String url, Credentials user) {
		return Derivation.of(dataSource).filter((derivation) -> derivation.connector().leadsTo(url, user)).isPresent();
	}

	private static @Nullable String requireClass(String prefix, @Nullable String driver) {
		if (driver != null && !ClassUtils.isPresent(driver, ClassUtils.getDefaultClassLoader())) {
			throw new InvalidSettingException(
					prefix + ".driver-class-name is \"" + driver + "\", and there is no such class.",
					"Add the driver's dependency, correct the name, or remove it: the driver is found by the URL.");
		}
		return driver;
	}

	/**
	 * Fails when it is used.
	 */
	private record Unresolved(InvalidSettingException reason) implements MigrationConnections {

		@Override
		public Connection borrow() {
			throw this.reason;
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) {
			throw this.reason;
		}

	}

}
