package io.github.migrateboot.autoconfigure;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.Migrator;
import io.github.migrateboot.failure.DatabaseAccessException;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.testing.MigrationFolder;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mockito.Answers;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests with DataSources that give no connection, or one that leads nowhere.
 */
class NoRealDataSourceTests {

	@TempDir
	private Path path;

	@ParameterizedTest
	@MethodSource("mocks")
	void aMockIsNamedAsWhatItIs(Supplier<DataSource> mock) {
		InvalidSettingException failure = fail(InvalidSettingException.class, mock.get());
		assertThat(failure.getDescription()).startsWith("The DataSource to migrate gives")
			.endsWith(", as a mock does. Nothing can be migrated with it.");
		assertThat(failure.getAction()).contains("migrate.enabled=false");
	}

	static Stream<Named<Supplier<DataSource>>> mocks() {
		return Stream.of(Named.of("no connection", () -> Mockito.mock(DataSource.class)),
				Named.of("a connection without metadata", () -> connecting(Mockito.mock(Connection.class))),
				Named.of("metadata without a product",
						() -> connecting(Mockito.mock(Connection.class, Answers.RETURNS_DEEP_STUBS))),
				Named.of("a product without a name",
						() -> connecting(Mockito.mock(Connection.class, Answers.RETURNS_MOCKS))),
				Named.of("deep stubs", () -> Mockito.mock(DataSource.class, Answers.RETURNS_DEEP_STUBS)),
				Named.of("mocks all the way", () -> Mockito.mock(DataSource.class, Answers.RETURNS_MOCKS)),
				Named.of("a mocked pool", () -> Mockito.mock(HikariDataSource.class)),
				Named.of("a wrapped mock", () -> new DelegatingDataSource(Mockito.mock(DataSource.class))));
	}

	@ParameterizedTest
	@MethodSource("routing")
	void aRoutingDataSourceWithoutDefaultIsExplained(Supplier<DataSource> routing) {
		InvalidSettingException failure = fail(InvalidSettingException.class, routing.get());
		assertThat(failure.getDescription())
			.contains("chooses one of several databases for each connection", "has none for migrations")
			.contains("Cannot determine target DataSource for lookup key [null]");
		assertThat(failure.getAction()).contains("default", "migrate.databases.<name>.data-source",
				"migrate.data-source");
	}

	static Stream<Named<Supplier<DataSource>>> routing() {
		return Stream.of(Named.of("alone", () -> new Tenants()),
				Named.of("behind a lazy proxy", () -> new LazyConnectionDataSourceProxy(new Tenants())),
				Named.of("behind proxies",
						() -> new TransactionAwareDataSourceProxy(new DelegatingDataSource(new Tenants()))));
	}

	@Test
	void whateverADataSourceThrowsIsASentence() throws SQLException {
		DataSource dataSource = Mockito.mock(DataSource.class);
		Mockito.when(dataSource.getConnection()).thenThrow(new UnsupportedOperationException("no tenant is set"));
		DatabaseAccessException failure = fail(DatabaseAccessException.class, dataSource);
		assertThat(failure.getDescription())
			.isEqualTo("The database could not be used while looking for pending migrations: the DataSource gives no"
					+ " connection: java.lang.UnsupportedOperationException: no tenant is set [code 0].");
	}

	@Test
	void whatTheDatabaseSaysIsToldHoweverItIsWrapped() throws SQLException {
		DataSource dataSource = Mockito.mock(DataSource.class);
		Mockito.when(dataSource.getConnection())
			.thenThrow(new IllegalStateException("wrapped", new SQLException("the disk is full", "53100", 7)));
		assertThat(fail(DatabaseAccessException.class, dataSource).getDescription())
			.contains("the disk is full [SQLSTATE 53100, code 7]");
	}

	@Test
	void aPoolThatCannotConnectSaysWhatTheDriverSays() {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl("jdbc:postgresql://localhost:1/orders");
			DatabaseAccessException failure = fail(DatabaseAccessException.class, pool);
			assertThat(failure.getDescription()).startsWith("The database could not be used while")
				.contains("Connection to localhost:1 refused");
		}
	}

	private <T extends MigrationException> T fail(Class<T> type, DataSource dataSource) {
		MigrationFolder folder = new MigrationFolder(this.path).add("1_a.sql", "create table a (id int);");
		Object[] failure = new Object[1];
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MigrateAutoConfiguration.class))
			.withPropertyValues("migrate.locations=" + folder.location())
			.withBean(DataSource.class, () -> dataSource, (definition) -> definition.setDestroyMethodName(""))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThatExceptionOfType(type).isThrownBy(context.getBean(Migrator.class)::migrate)
					.satisfies((ex) -> failure[0] = ex);
			});
		return type.cast(failure[0]);
	}

	private static DataSource connecting(Connection connection) {
		DataSource dataSource = Mockito.mock(DataSource.class);
		try {
			Mockito.when(dataSource.getConnection()).thenReturn(connection);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		return dataSource;
	}

	/**
	 * Has a database for each tenant and none for nobody.
	 */
	static final class Tenants extends AbstractRoutingDataSource {

		Tenants() {
			setTargetDataSources(Map.of("a", Mockito.mock(DataSource.class)));
			afterPropertiesSet();
		}

		@Override
		protected Object determineCurrentLookupKey() {
			return null;
		}

	}

}
