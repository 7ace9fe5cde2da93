package io.github.migrateboot.autoconfigure;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariCredentialsProvider;
import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.Migrator;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.apache.commons.dbcp2.BasicDataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.UserCredentialsDataSourceAdapter;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that migrations get connections in whatever way the application does, and never
 * as somebody else than was asked for.
 */
@ExtendWith(OutputCaptureExtension.class)
class CredentialsTests {

	private static final String STALE = "stale-password";

	private static final String FALLBACK = "migrations use one of";

	@TempDir
	private Path path;

	private MigrationFolder folder;

	@BeforeEach
	void create() {
		this.folder = new MigrationFolder(this.path);
		this.folder.add("1_first.sql", "create table first (id int);")
			.addWithoutTransaction("2_other.sql", "create table other (id int);");
	}

	@ParameterizedTest
	@MethodSource("waysToConnect")
	void migratesHoweverTheApplicationConnects(Function<TestDatabase, DataSource> way) {
		try (TestDatabase database = TestServer.MARIADB.create()) {
			migrate(way.apply(database));
			assertThat(database.versions()).containsExactly("1", "2");
		}
	}

	static Stream<Named<Function<TestDatabase, DataSource>>> waysToConnect() {
		return Stream.of(Named.of("HikariCP's provider", CredentialsTests::poolWithProvider),
				Named.of("HikariCP's provider behind proxies",
						(database) -> new TransactionAwareDataSourceProxy(
								new LazyConnectionDataSourceProxy(poolWithProvider(database)))),
				Named.of("a pool that overrides getCredentials", CredentialsTests::poolWithCredentials),
				Named.of("a pool that overrides getConnection", CredentialsTests::poolOfItsOwn),
				Named.of("a pool around a DataSource, with a URL that leads nowhere",
						CredentialsTests::poolAroundDataSource),
				Named.of("a wrapper that fetches a token",
						(database) -> new TokenDataSource(stale(database), database)),
				Named.of("a wrapper that fetches a token behind proxies",
						(database) -> new TransactionAwareDataSourceProxy(
								new LazyConnectionDataSourceProxy(new TokenDataSource(stale(database), database)))),
				Named.of("a wrapper that fetches a token for what leads nowhere",
						(database) -> new TokenDataSource(nowhere(), database)),
				Named.of("a wrapper that is no subclass and fetches a token",
						(database) -> wrapper(stale(database), database.dataSource())),
				Named.of("a wrapper that is no subclass and fetches a token for what leads nowhere",
						(database) -> wrapper(nowhere(), database.dataSource())),
				Named.of("a DataSource with a getConnection only", CredentialsTests::onlyGetConnection),
				Named.of("an adapter with a user of its own", CredentialsTests::adapter),
				Named.of("a routing DataSource", CredentialsTests::routing),
				Named.of("a subclass that gives the driver other credentials", CredentialsTests::driverWithToken),
				Named.of("Commons DBCP with a connection factory", CredentialsTests::dbcpWithFactory),
				Named.of("Tomcat's pool around a DataSource", CredentialsTests::tomcatAroundDataSource));
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL", "POSTGRES", "H2" })
	void lockThatNeedsASecondConnectionGetsItInTheSameWay(TestServer server) {
		String strategy = (server == TestServer.H2) ? "auto" : "lease";
		try (TestDatabase database = server.create()) {
			migrate(new TokenDataSource(stale(database), database), "migrate.lock.strategy=" + strategy);
			assertThat(database.versions()).containsExactly("1", "2");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL", "POSTGRES", "H2" })
	void ownConnectionsGetWhatTheProviderSays(TestServer server, CapturedOutput output) throws SQLException {
		try (TestDatabase database = server.create(); HikariDataSource pool = poolWithProvider(database)) {
			try (Connection connection = new DataSourceConnections(pool).open(Map.of()).orElseThrow()) {
				assertThat(connection.isValid(1)).isTrue();
			}
			migrate(pool);
			assertThat(database.versions()).containsExactly("1", "2");
		}
		assertThat(output).doesNotContain(FALLBACK);
	}

	@Test
	void providerCanBeNamedInTheProperties(CapturedOutput output) {
		try (TestDatabase database = TestServer.MARIADB.create()) {
			Provider.database = database;
			runner().withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
				.withPropertyValues("spring.datasource.url=" + database.url(), "spring.datasource.username=nobody",
						"spring.datasource.password=" + STALE,
						"spring.datasource.hikari.credentials-provider-class-name=" + Provider.class.getName())
				.run((context) -> {
					context.getBean(Migrator.class).migrate();
					assertThat(database.versions()).containsExactly("1", "2");
				});
		}
		assertThat(output).doesNotContain(FALLBACK);
	}

	@ParameterizedTest
	@EnumSource(names = { "MARIADB", "MYSQL", "POSTGRES", "H2" })
	void poolThatIsConnectedServesWhenItsPasswordIsRefusedByNow(TestServer server, CapturedOutput output)
			throws SQLException {
		this.folder.add("1_first.sql", "create table first (id int);");
		try (TestDatabase database = server.create()) {
			HikariConfig configuration = configuration(database, 2);
			configuration.setMinimumIdle(2);
			try (HikariDataSource pool = new HikariDataSource(configuration)) {
				// For the lock of H2, which needs two.
				Awaitility.await()
					.atMost(Duration.ofSeconds(30))
					.until(() -> pool.getHikariPoolMXBean().getTotalConnections() == 2);
				pool.getHikariConfigMXBean().setPassword(STALE);
				assertThat(new DataSourceConnections(pool).open(Map.of())).isEmpty();
				migrate(pool);
				assertThat(database.versions()).containsExactly("1", "2");
			}
		}
		assertThat(output)
			.contains("The DataSource connects in another way than its URL, user and password say (tried by"
					+ " themselves they end in SQLSTATE 28")
			.contains(FALLBACK);
	}

	@Test
	void whatWasRefusedIsNotTriedAgainUntilItChanges() throws SQLException {
		try (TestDatabase database = TestServer.MARIADB.create(); HikariDataSource pool = database.pool(1)) {
			DataSourceConnections connections = new DataSourceConnections(pool);
			pool.getHikariConfigMXBean().setPassword(STALE);
			int before = failedLogins(database);
			assertThat(connections.open(Map.of())).isEmpty();
			assertThat(connections.open(Map.of())).isEmpty();
			assertThat(failedLogins(database)).isEqualTo(before + 1);
			pool.getHikariConfigMXBean().setPassword(database.password());
			assertThat(connections.open(Map.of())).hasValueSatisfying((connection) -> close(connection));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "user", "role" })
	void wrapperThatGivesConnectionsOfAnotherOwnerDecides(String difference, CapturedOutput output) {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			String owner = database.createUserWithoutRights();
			database.execute("grant create on schema public to " + owner);
			DataSource application = "user".equals(difference) ? database.as(owner, "secret").dataSource()
					: new RoleDataSource(database.dataSource(), owner);
			migrate(wrapper(database.dataSource(), application));
			assertThat(owners(database)).isEqualTo(Map.of("first", owner, "other", owner));
		}
		assertThat(output).contains("The connections of the DataSource are not those of its URL and user");
	}

	@Test
	void wrapperThatOnlyObservesLeavesTheRunItsOwnConnection(CapturedOutput output) throws SQLException {
		try (TestDatabase database = TestServer.MARIADB.create(); HikariDataSource pool = database.pool(1)) {
			DataSource observed = wrapper(pool, pool);
			try (Connection connection = new DataSourceConnections(observed).open(Map.of()).orElseThrow()) {
				assertThat(connection.getClass().getName()).startsWith("org.mariadb.");
			}
			migrate(observed);
			assertThat(database.versions()).containsExactly("1", "2");
		}
		assertThat(output).doesNotContain(FALLBACK);
	}

	@Test
	void onlyConnectionOfADataSourceStaysOpen() {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			SingleConnectionDataSource single = new SingleConnectionDataSource(database.url(), false);
			JdbcTemplate jdbc = new JdbcTemplate(single);
			jdbc.execute("create table before (id int)");
			runner().withBean(DataSource.class, () -> single).run((context) -> {
				context.getBean(Migrator.class).migrate();
				assertThat(jdbc.queryForList("select version from schema_migrations order by 1", String.class))
					.containsExactly("1", "2");
			});
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { User.class, Url.class, Qualified.class })
	void neverMigratesAsTheApplicationWhereAnotherAccountIsNamed(Class<?> named) {
		try (TestDatabase database = TestServer.MARIADB.create()) {
			String user = database.createUserWithoutRights();
			runner().withUserConfiguration(named)
				.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
				.withPropertyValues("spring.datasource.url=" + database.url(),
						"spring.datasource.username=" + database.user(),
						"spring.datasource.password=" + database.password(), "other.user=" + user)
				.withPropertyValues((named == Qualified.class) ? new String[0]
						: new String[] { "migrate.username=" + user, "migrate.password=" + STALE })
				.withPropertyValues(
						(named == Url.class) ? new String[] { "migrate.url=" + database.url() } : new String[0])
				.run((context) -> assertThatExceptionOfType(MigrationException.class)
					.isThrownBy(context.getBean(Migrator.class)::migrate)
					.withMessageContaining("SQLSTATE 28000")
					.withMessageContaining(user)
					.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain(STALE)));
			assertThat(database.jdbc().queryForList("show tables", String.class)).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "user", "password" })
	void userAmongTheDriverPropertiesIsRefused(String property) {
		runner().withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
			.withPropertyValues("spring.datasource.generate-unique-name=true", "migrate.properties." + property + "=x")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("migrate.properties." + property + " is set.")
				.hasMessageContaining("migrate.username"));
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MigrateAutoConfiguration.class))
			.withPropertyValues("migrate.locations=" + this.folder.location());
	}

	private void migrate(DataSource dataSource, String... properties) {
		runner().withPropertyValues(properties)
			.withBean(DataSource.class, () -> dataSource, (definition) -> definition.setDestroyMethodName(""))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(Migrator.class).migrate();
			});
	}

	private static HikariConfig configuration(TestDatabase database, int size) {
		HikariConfig configuration = new HikariConfig();
		configuration.setJdbcUrl(database.url());
		configuration.setUsername(database.user());
		configuration.setPassword(database.password());
		configuration.setMaximumPoolSize(size);
		configuration.setConnectionTimeout(10_000);
		return configuration;
	}

	private static HikariDataSource poolWithProvider(TestDatabase database) {
		HikariConfig configuration = configuration(database, 1);
		configuration.setPassword(STALE);
		configuration
			.setCredentialsProvider(() -> com.zaxxer.hikari.util.Credentials.of(database.user(), database.password()));
		return new HikariDataSource(configuration);
	}

	private static HikariDataSource poolWithCredentials(TestDatabase database) {
		HikariDataSource pool = new HikariDataSource() {

			@Override
			public com.zaxxer.hikari.util.Credentials getCredentials() {
				return com.zaxxer.hikari.util.Credentials.of(database.user(), database.password());
			}

		};
		pool.setJdbcUrl(database.url());
		pool.setUsername("nobody");
		pool.setPassword(STALE);
		pool.setMaximumPoolSize(1);
		return pool;
	}

	private static HikariDataSource poolOfItsOwn(TestDatabase database) {
		HikariDataSource pool = new HikariDataSource() {

			@Override
			public Connection getConnection() {
				return database.connect();
			}

		};
		pool.setJdbcUrl("jdbc:mariadb://nowhere.invalid/orders");
		pool.setUsername("nobody");
		return pool;
	}

	private static HikariDataSource poolAroundDataSource(TestDatabase database) {
		HikariConfig configuration = configuration(database, 1);
		configuration.setJdbcUrl("jdbc:mariadb://nowhere.invalid/orders");
		configuration.setDataSource(database.dataSource());
		return new HikariDataSource(configuration);
	}

	private static DriverManagerDataSource stale(TestDatabase database) {
		return new DriverManagerDataSource(database.url(), database.user(), STALE);
	}

	private static DriverManagerDataSource nowhere() {
		return new DriverManagerDataSource("jdbc:mariadb://nowhere.invalid/orders", "nobody", STALE);
	}

	private static DataSource onlyGetConnection(TestDatabase database) {
		return new AbstractDataSource() {

			@Override
			public Connection getConnection() {
				return database.connect();
			}

			@Override
			public Connection getConnection(String username, String password) {
				throw new UnsupportedOperationException();
			}

		};
	}

	private static DataSource adapter(TestDatabase database) {
		UserCredentialsDataSourceAdapter adapter = new UserCredentialsDataSourceAdapter();
		adapter.setTargetDataSource(stale(database));
		adapter.setUsername(database.user());
		adapter.setPassword(database.password());
		return adapter;
	}

	private static DataSource routing(TestDatabase database) {
		AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {

			@Override
			protected Object determineCurrentLookupKey() {
				return "main";
			}

		};
		routing.setTargetDataSources(Map.of("main", database.dataSource()));
		routing.afterPropertiesSet();
		return routing;
	}

	private static DataSource driverWithToken(TestDatabase database) {
		SimpleDriverDataSource dataSource = new SimpleDriverDataSource(new org.mariadb.jdbc.Driver(), database.url(),
				"nobody", STALE) {

			@Override
			protected Connection getConnectionFromDriver(String username, String password) throws SQLException {
				return super.getConnectionFromDriver(database.user(), database.password());
			}

		};
		return dataSource;
	}

	private static DataSource dbcpWithFactory(TestDatabase database) {
		BasicDataSource pool = new BasicDataSource() {

			@Override
			protected org.apache.commons.dbcp2.ConnectionFactory createConnectionFactory() {
				return database::connect;
			}

		};
		pool.setUrl(database.url());
		pool.setUsername("nobody");
		pool.setPassword(STALE);
		return pool;
	}

	private static DataSource tomcatAroundDataSource(TestDatabase database) {
		org.apache.tomcat.jdbc.pool.DataSource pool = new org.apache.tomcat.jdbc.pool.DataSource();
		pool.setUrl("jdbc:mariadb://nowhere.invalid/orders");
		pool.setDataSource(database.dataSource());
		pool.setMaxActive(2);
		pool.setInitialSize(1);
		return pool;
	}

	/**
	 * Return what says that it wraps one DataSource and gives connections of another.
	 */
	private static DataSource wrapper(DataSource wrapped, DataSource connecting) {
		return (DataSource) Proxy.newProxyInstance(DataSource.class.getClassLoader(),
				new Class<?>[] { DataSource.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "getConnection" -> connecting.getConnection();
					case "isWrapperFor" -> true;
					case "unwrap" -> wrapped;
					case "hashCode" -> System.identityHashCode(proxy);
					case "equals" -> proxy == arguments[0];
					case "toString" -> "wrapper of " + wrapped;
					default -> throw new UnsupportedOperationException(method.getName());
				});
	}

	private static int failedLogins(TestDatabase database) {
		return database.jdbc()
			.queryForObject("select variable_value from information_schema.global_status"
					+ " where variable_name = 'ABORTED_CONNECTS'", Integer.class);
	}

	private static Map<String, Object> owners(TestDatabase database) {
		return database.jdbc()
			.query("select relname, pg_get_userbyid(relowner) from pg_class where relname in ('first', 'other')",
					(row, number) -> List.of(row.getString(1), row.getString(2)))
			.stream()
			.collect(java.util.stream.Collectors.toMap((row) -> row.get(0), (row) -> row.get(1)));
	}

	private static void close(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Fetches new credentials for each connection.
	 */
	static final class TokenDataSource extends DelegatingDataSource {

		private final TestDatabase database;

		TokenDataSource(DataSource target, TestDatabase database) {
			super(target);
			this.database = database;
		}

		@Override
		public Connection getConnection() {
			return this.database.connect();
		}

	}

	/**
	 * Takes a role on each connection.
	 */
	static final class RoleDataSource extends DelegatingDataSource {

		private final String role;

		RoleDataSource(DataSource target, String role) {
			super(target);
			this.role = role;
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			connection.createStatement().execute("set role " + this.role);
			return connection;
		}

	}

	/**
	 * Is named in the properties.
	 */
	public static final class Provider implements HikariCredentialsProvider {

		private static volatile TestDatabase database;

		@Override
		public com.zaxxer.hikari.util.Credentials getCredentials() {
			return com.zaxxer.hikari.util.Credentials.of(database.user(), database.password());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class User {

	}

	@Configuration(proxyBeanMethods = false)
	static class Url {

	}

	@Configuration(proxyBeanMethods = false)
	static class Qualified {

		@Bean
		@Primary
		DataSource application(Environment environment) {
			return new DriverManagerDataSource(environment.getRequiredProperty("spring.datasource.url"),
					environment.getRequiredProperty("spring.datasource.username"),
					environment.getRequiredProperty("spring.datasource.password"));
		}

		@Bean
		@MigrateDataSource
		DataSource migrations(Environment environment) {
			return new DriverManagerDataSource(environment.getRequiredProperty("spring.datasource.url"),
					environment.getRequiredProperty("other.user"), STALE);
		}

	}

}
