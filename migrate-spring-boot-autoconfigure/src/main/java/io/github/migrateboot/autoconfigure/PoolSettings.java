package io.github.migrateboot.autoconfigure;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariCredentialsProvider;
import com.zaxxer.hikari.HikariDataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * What a {@link DataSource} gives each of its connections beside the URL. Read-only is
 * left out on purpose: migrations write.
 *
 * @param driverProperties properties for the driver
 * @param catalog the catalog, or {@code null}
 * @param schema the schema, or {@code null}
 * @param initSql statements to run on a new connection
 * @param credentials tells the user for each new connection, or {@code null} if it is the
 * one that the DataSource is configured with
 */
record PoolSettings(Map<String, String> driverProperties, @Nullable String catalog, @Nullable String schema,
		List<String> initSql, @Nullable Supplier<Credentials> credentials) {

	static final PoolSettings NONE = new PoolSettings(Map.of(), null, null, List.of(), null);

	private static final boolean HIKARI = isPresent("com.zaxxer.hikari.HikariDataSource");

	private static final boolean TOMCAT = isPresent("org.apache.tomcat.jdbc.pool.DataSource");

	private static final boolean DBCP2 = isPresent("org.apache.commons.dbcp2.BasicDataSource");

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, PoolSettings.class.getClassLoader());
	}

	/**
	 * Read the settings of a DataSource.
	 * @param dataSource the DataSource, without any wrapper
	 * @return its settings; empty ones if it is of no known kind
	 */
	static PoolSettings of(DataSource dataSource) {
		PoolSettings settings = null;
		if (HIKARI) {
			settings = Hikari.read(dataSource);
		}
		if (settings == null && TOMCAT) {
			settings = Tomcat.read(dataSource);
		}
		if (settings == null && DBCP2) {
			settings = Dbcp2.read(dataSource);
		}
		if (settings == null && dataSource instanceof AbstractDriverBasedDataSource spring) {
			settings = create(spring.getConnectionProperties(), spring.getCatalog(), spring.getSchema(), List.of(),
					null);
		}
		return (settings != null) ? settings : NONE;
	}

	private static PoolSettings create(@Nullable Properties driverProperties, @Nullable String catalog,
			@Nullable String schema, List<String> initSql, @Nullable Supplier<Credentials> credentials) {
		return new PoolSettings(toMap(driverProperties), textOrNull(catalog), textOrNull(schema), initSql, credentials);
	}

	private static Map<String, String> toMap(@Nullable Properties properties) {
		return (properties != null) ? properties.entrySet()
			.stream()
			.collect(Collectors.toMap((entry) -> entry.getKey().toString(), (entry) -> entry.getValue().toString()))
				: Map.of();
	}

	private static @Nullable String textOrNull(@Nullable String value) {
		return StringUtils.hasText(value) ? value : null;
	}

	private static List<String> listOf(@Nullable String sql) {
		return StringUtils.hasText(sql) ? List.of(sql) : List.of();
	}

	/**
	 * Refuse a pool that gets its connections from something else than its URL.
	 */
	private static void refuseAnother(@Nullable Object source, @Nullable String name) {
		if (source != null || name != null) {
			throw new IllegalStateException("The pool does not connect by its URL");
		}
	}

	/**
	 * Return these settings with more driver properties.
	 */
	PoolSettings with(Map<String, String> more) {
		Map<String, String> all = new HashMap<>(this.driverProperties);
		all.putAll(more);
		return new PoolSettings(all, this.catalog, this.schema, this.initSql, this.credentials);
	}

	@Override
	public String toString() {
		// driver properties may contain secrets
		return "PoolSettings[catalog=%s, schema=%s]".formatted(this.catalog, this.schema);
	}

	/**
	 * HikariCP, loaded only if it is there.
	 */
	private static final class Hikari {

		static @Nullable PoolSettings read(DataSource dataSource) {
			if (!(dataSource instanceof HikariDataSource pool)) {
				return null;
			}
			refuseAnother(pool.getDataSource(), pool.getDataSourceClassName());
			return create(pool.getDataSourceProperties(), pool.getCatalog(), pool.getSchema(),
					listOf(pool.getConnectionInitSql()), () -> credentials(pool));
		}

		private static Credentials credentials(HikariDataSource pool) {
			HikariCredentialsProvider provider = pool.getCredentialsProvider();
			var credentials = (provider != null) ? provider.getCredentials() : pool.getCredentials();
			return new Credentials(credentials.getUsername(), credentials.getPassword());
		}

	}

	/**
	 * Tomcat JDBC, loaded only if it is there.
	 */
	private static final class Tomcat {

		static @Nullable PoolSettings read(DataSource dataSource) {
			if (!(dataSource instanceof org.apache.tomcat.jdbc.pool.DataSource pool)) {
				return null;
			}
			refuseAnother(pool.getDataSource(), pool.getDataSourceJNDI());
			return create(pool.getDbProperties(), pool.getDefaultCatalog(), null, listOf(pool.getInitSQL()), null);
		}

	}

	/**
	 * Commons DBCP 2, loaded only if it is there.
	 */
	private static final class Dbcp2 {

		@SuppressWarnings("deprecation")
		static @Nullable PoolSettings read(DataSource dataSource) {
			if (!(dataSource instanceof BasicDataSource pool)) {
				return null;
			}
			refuseAnother(null, pool.getConnectionFactoryClassName());
			Credentials credentials = new Credentials(pool.getUsername(), pool.getPassword());
			return create(connectionProperties(pool), pool.getDefaultCatalog(), pool.getDefaultSchema(),
					pool.getConnectionInitSqls(), () -> credentials);
		}

		private static @Nullable Properties connectionProperties(BasicDataSource pool) {
			// not public; without it the properties would be lost unnoticed
			Method method = ReflectionUtils.findMethod(BasicDataSource.class, "getConnectionProperties");
			if (method == null) {
				throw new IllegalStateException("The connection properties of a BasicDataSource cannot be read");
			}
			ReflectionUtils.makeAccessible(method);
			return (Properties) ReflectionUtils.invokeMethod(method, pool);
		}

	}

}
