package io.github.migrateboot.benchmarks;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.Migrator;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.script.ResourceMigrationSource;
import io.github.migrateboot.settings.MigratorSettings;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;
import org.flywaydb.core.Flyway;

import org.springframework.core.io.DefaultResourceLoader;

/**
 * A tool that runs inside the application, with the settings that Spring Boot gives it.
 */
enum JvmTool {

	MIGRATE("/(migrate-core|migrate-spring-boot-autoconfigure)[-/]") {

		@Override
		void run(HikariDataSource pool, ClassLoader migrations) {
			new Migrator(new ResourceMigrationSource(List.of(Migrations.DBMATE), migrations), new Connections(pool),
					MigratorSettings.defaults(Instance.current("benchmark")))
				.migrate();
		}

	},

	FLYWAY("flyway[^/]*$") {

		@Override
		void run(HikariDataSource pool, ClassLoader migrations) {
			Flyway.configure(migrations).dataSource(pool).locations(Migrations.FLYWAY).load().migrate();
		}

	},

	LIQUIBASE("liquibase[^/]*$") {

		@Override
		void run(HikariDataSource pool, ClassLoader migrations) throws LiquibaseException {
			SpringLiquibase liquibase = new SpringLiquibase();
			liquibase.setDataSource(pool);
			liquibase.setResourceLoader(new DefaultResourceLoader(migrations));
			liquibase.setChangeLog(Migrations.LIQUIBASE);
			liquibase.afterPropertiesSet();
		}

	},

	/**
	 * The application without migrations.
	 */
	NONE("^$") {

		@Override
		void run(HikariDataSource pool, ClassLoader migrations) {
		}

	};

	private final Pattern parts;

	/**
	 * Create a tool.
	 * @param parts finds what the class path has of it
	 */
	JvmTool(String parts) {
		this.parts = Pattern.compile(parts);
	}

	/**
	 * Return whether an application with this tool has a part of the class path: nothing
	 * of the other tools.
	 */
	boolean mayUse(Path entry) {
		return Arrays.stream(values())
			.noneMatch((other) -> other != this && other.parts.matcher(entry.toString()).find());
	}

	/**
	 * Apply what is pending.
	 * @param pool the application's pool
	 * @param migrations where the migrations are
	 * @throws Exception if that fails
	 */
	abstract void run(HikariDataSource pool, ClassLoader migrations) throws Exception;

	/**
	 * A connection of the run's own, as the starter derives it from a pool.
	 *
	 * @param pool the pool
	 */
	private record Connections(HikariDataSource pool) implements MigrationConnections {

		@Override
		public Connection borrow() throws SQLException {
			return this.pool.getConnection();
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
			Properties properties = new Properties();
			if (!this.pool.getUsername().isEmpty()) {
				properties.setProperty("user", this.pool.getUsername());
				properties.setProperty("password", this.pool.getPassword());
			}
			properties.putAll(driverProperties);
			return Optional.of(DriverManager.getConnection(this.pool.getJdbcUrl(), properties));
		}

	}

}
