package io.github.migrateboot.autoconfigure;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDriverBasedDataSource;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * What a {@link DataSource} gives each of its connections beside URL and user. Read-only
 * is left out on purpose: migrations write.
 *
 * @param driverProperties properties for the driver
 * @param catalog the catalog, or {@code null}
 * @param schema the schema, or {@code null}
 * @param initSql statements to run on a new connection
 * @param password the password, if nothing else tells it, or {@code null}
 */
record PoolSettings(Map<String, String> driverProperties, @Nullable String catalog, @Nullable String schema,
		List<String> initSql, @Nullable String password) {

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
			@Nullable String schema, List<String> initSql, @Nullable String password) {
		return new PoolSettings(toMap(driverProperties), textOrNull(catalog), textOrNull(schema), initSql, password);
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
	 * Return these settings with more driver properties.
	 */
	PoolSettings with(Map<String, String> more) {
		Map<String, String> all = new HashMap<>(this.driverProperties);
		all.putAll(more);
		return new PoolSettings(all, this.catalog, this.schema, this.initSql, this.password);
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
			return (dataSource instanceof HikariDataSource pool) ? create(pool.getDataSourceProperties(),
					pool.getCatalog(), pool.getSchema(), listOf(pool.getConnectionInitSql()), null) : null;
		}

	}

	/**
	 * Tomcat JDBC, loaded only if it is there.
	 */
	private static final class Tomcat {

		static @Nullable PoolSettings read(DataSource dataSource) {
			return (dataSource instanceof org.apache.tomcat.jdbc.pool.DataSource pool)
					? create(pool.getDbProperties(), pool.getDefaultCatalog(), null, listOf(pool.getInitSQL()), null)
					: null;
		}

	}

	/**
	 * Commons DBCP 2, loaded only if it is there.
	 */
	private static final class Dbcp2 {

		@SuppressWarnings("deprecation")
		static @Nullable PoolSettings read(DataSource dataSource) {
			return (dataSource instanceof BasicDataSource pool) ? create(connectionProperties(pool),
					pool.getDefaultCatalog(), pool.getDefaultSchema(), pool.getConnectionInitSqls(), pool.getPassword())
					: null;
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
