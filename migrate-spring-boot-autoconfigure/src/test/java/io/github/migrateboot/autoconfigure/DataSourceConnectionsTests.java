package io.github.migrateboot.autoconfigure;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.apache.commons.dbcp2.BasicDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.UserCredentialsDataSourceAdapter;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DataSourceConnections}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DataSourceConnectionsTests {

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		this.database.execute("create schema app");
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void opensConnectionOutsideOfAPoolOfOne() throws SQLException {
		DataSourceConnections connections = new DataSourceConnections(this.database.pool(1));
		try (Connection borrowed = connections.borrow(); Connection opened = open(connections)) {
			assertThat(ask(opened, "select pg_backend_pid()")).isNotEqualTo(ask(borrowed, "select pg_backend_pid()"));
			assertThat(opened.unwrap(Connection.class).getClass().getName()).startsWith("org.postgresql.");
		}
	}

	@Test
	void carriesOverTheSettingsOfHikari() throws SQLException {
		HikariConfig configuration = hikari();
		configuration.setSchema("app");
		configuration.setConnectionInitSql("set statement_timeout = '77s'");
		configuration.addDataSourceProperty("ApplicationName", "shop");
		configuration.addDataSourceProperty("prepareThreshold", 3);
		try (HikariDataSource pool = new HikariDataSource(configuration);
				Connection opened = open(new DataSourceConnections(pool))) {
			assertThat(ask(opened, "select current_schema()")).isEqualTo("app");
			assertThat(ask(opened, "show statement_timeout")).isEqualTo("77s");
			assertThat(ask(opened, "show application_name")).isEqualTo("shop");
			assertThat(opened.unwrap(org.postgresql.PGConnection.class).getPrepareThreshold()).isEqualTo(3);
		}
	}

	@Test
	void carriesOverTheCatalogOfHikari() throws SQLException {
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl("jdbc:test:");
			pool.setCatalog("app");
			assertThat(PoolSettings.of(pool).catalog()).isEqualTo("app");
		}
	}

	@Test
	void carriesOverTheSettingsOfTomcat() throws SQLException {
		org.apache.tomcat.jdbc.pool.DataSource pool = new org.apache.tomcat.jdbc.pool.DataSource();
		try {
			pool.setUrl(this.database.url());
			pool.setUsername(this.database.user());
			pool.setPassword(this.database.password());
			pool.setInitSQL("set search_path = app");
			pool.setConnectionProperties("ApplicationName=shop");
			pool.setDefaultCatalog("app");
			try (Connection opened = open(new DataSourceConnections(pool))) {
				assertThat(ask(opened, "select current_schema()")).isEqualTo("app");
				assertThat(ask(opened, "show application_name")).isEqualTo("shop");
				assertThat(PoolSettings.of(pool).catalog()).isEqualTo("app");
			}
		}
		finally {
			pool.close(true);
		}
	}

	@Test
	void carriesOverTheSettingsOfDbcp() throws SQLException {
		try (BasicDataSource pool = new BasicDataSource()) {
			pool.setUrl(this.database.url());
			pool.setUsername(this.database.user());
			pool.setPassword(this.database.password());
			pool.setDefaultSchema("app");
			pool.setConnectionInitSqls(List.of("set statement_timeout = '77s'", "set lock_timeout = '66s'"));
			pool.setConnectionProperties("ApplicationName=shop;");
			pool.setDefaultCatalog("app");
			try (Connection opened = open(new DataSourceConnections(pool))) {
				assertThat(ask(opened, "select current_schema()")).isEqualTo("app");
				assertThat(ask(opened, "show statement_timeout")).isEqualTo("77s");
				assertThat(ask(opened, "show lock_timeout")).isEqualTo("66s");
				assertThat(ask(opened, "show application_name")).isEqualTo("shop");
				assertThat(PoolSettings.of(pool).catalog()).isEqualTo("app");
			}
		}
	}

	@Test
	void carriesOverTheSettingsOfSpringsOwnDataSources() throws SQLException {
		DriverManagerDataSource dataSource = springDataSource();
		dataSource.setSchema("app");
		Properties properties = new Properties();
		properties.setProperty("ApplicationName", "shop");
		dataSource.setConnectionProperties(properties);
		try (Connection opened = open(new DataSourceConnections(dataSource))) {
			assertThat(ask(opened, "select current_schema()")).isEqualTo("app");
			assertThat(ask(opened, "show application_name")).isEqualTo("shop");
		}
	}

	@Test
	void givenDriverPropertiesWinOverThoseOfTheApplication() throws SQLException {
		HikariConfig configuration = hikari();
		configuration.addDataSourceProperty("ApplicationName", "shop");
		try (HikariDataSource pool = new HikariDataSource(configuration);
				Connection opened = new DataSourceConnections(pool).open(Map.of("ApplicationName", "migrate"))
					.orElseThrow()) {
			assertThat(ask(opened, "show application_name")).isEqualTo("migrate");
		}
	}

	@Test
	void doesNotCarryOverReadOnlyAndManualCommit() throws SQLException {
		HikariConfig configuration = hikari();
		configuration.setReadOnly(true);
		configuration.setAutoCommit(false);
		try (HikariDataSource pool = new HikariDataSource(configuration);
				Connection opened = open(new DataSourceConnections(pool))) {
			assertThat(opened.isReadOnly()).isFalse();
			assertThat(opened.getAutoCommit()).isTrue();
			assertThat(ask(opened, "show transaction_read_only")).isEqualTo("off");
		}
	}

	@Test
	void liftsTheSocketTimeoutOfTheUrl() throws SQLException {
		DriverManagerDataSource dataSource = springDataSource();
		dataSource.setUrl(this.database.url() + (this.database.url().contains("?") ? "&" : "?") + "socketTimeout=1");
		DataSourceConnections connections = new DataSourceConnections(dataSource);
		try (Connection borrowed = connections.borrow(); Connection opened = open(connections)) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> ask(borrowed, "select pg_sleep(1.5)"));
			assertThat(ask(opened, "select 'awake' from pg_sleep(1.5)")).isEqualTo("awake");
		}
	}

	@Test
	void looksThroughWrappers() throws SQLException {
		HikariConfig configuration = hikari();
		configuration.setSchema("app");
		try (HikariDataSource pool = new HikariDataSource(configuration)) {
			List<DataSource> wrappers = List.of(new LazyConnectionDataSourceProxy(pool),
					new TransactionAwareDataSourceProxy(pool), new DelegatingDataSource(pool),
					new TransactionAwareDataSourceProxy(new LazyConnectionDataSourceProxy(pool)));
			for (DataSource wrapper : wrappers) {
				try (Connection opened = open(new DataSourceConnections(wrapper))) {
					assertThat(ask(opened, "select current_schema()")).as(wrapper.toString()).isEqualTo("app");
				}
			}
			assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
		}
	}

	@Test
	void usesCredentialsThatThePoolHasNow() throws SQLException {
		HikariDataSource pool = this.database.pool(1);
		DataSourceConnections connections = new DataSourceConnections(pool);
		open(connections).close();
		String user = this.database.createUserWithoutRights();
		pool.getHikariConfigMXBean().setUsername(user);
		pool.getHikariConfigMXBean().setPassword("secret");
		try (Connection opened = open(connections)) {
			assertThat(ask(opened, "select current_user")).isEqualTo(user);
		}
	}

	@Test
	void opensNothingForADataSourceThatDoesNotSayHowItConnects() throws SQLException {
		assertThat(new DataSourceConnections(opaqueDataSource()).open(Map.of())).isEmpty();
		assertThat(new DataSourceConnections(new DelegatingDataSource(opaqueDataSource())).open(Map.of())).isEmpty();
	}

	@Test
	void opensNothingForAPoolAroundAnotherDataSource() throws SQLException {
		PGSimpleDataSource target = new PGSimpleDataSource();
		target.setUrl(this.database.url());
		target.setUser(this.database.user());
		target.setPassword(this.database.password());
		HikariConfig configuration = new HikariConfig();
		configuration.setDataSource(target);
		try (HikariDataSource pool = new HikariDataSource(configuration)) {
			DataSourceConnections connections = new DataSourceConnections(pool);
			assertThat(connections.open(Map.of())).isEmpty();
			try (Connection borrowed = connections.borrow()) {
				assertThat(borrowed.isValid(1)).isTrue();
			}
		}
	}

	@Test
	void opensNothingForAnAdapterThatChangesTheUser() throws SQLException {
		UserCredentialsDataSourceAdapter adapter = new UserCredentialsDataSourceAdapter();
		adapter.setTargetDataSource(springDataSource());
		adapter.setUsername("other");
		assertThat(new DataSourceConnections(adapter).open(Map.of())).isEmpty();
		assertThat(new DataSourceConnections(new LazyConnectionDataSourceProxy(adapter)).open(Map.of())).isEmpty();
	}

	@Test
	void opensSecondConnectionToAnEmbeddedDatabase() throws SQLException {
		EmbeddedDatabase embedded = new EmbeddedDatabaseBuilder().generateUniqueName(true)
			.setType(EmbeddedDatabaseType.H2)
			.build();
		try (Connection borrowed = embedded.getConnection();
				Connection opened = open(new DataSourceConnections(embedded))) {
			borrowed.createStatement().execute("create table here (id int)");
			assertThat(ask(opened, "select count(*) from here")).isEqualTo("0");
		}
		finally {
			embedded.shutdown();
		}
	}

	@ParameterizedTest
	@EnumSource(value = TestServer.class, names = { "SQLITE", "H2", "MARIADB" })
	void opensConnectionToTheSameDatabaseElsewhere(TestServer server) throws SQLException {
		try (TestDatabase other = server.create()) {
			other.execute("create table here (id int)");
			try (Connection opened = open(new DataSourceConnections(other.pool(1)))) {
				assertThat(ask(opened, "select count(*) from here")).isEqualTo("0");
			}
		}
	}

	@Test
	void closesTheConnectionIfItsInitSqlFails() throws SQLException {
		DriverManagerDataSource watcher = springDataSource();
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl(this.database.url());
			pool.setUsername(this.database.user());
			pool.setPassword(this.database.password());
			pool.setConnectionInitSql("set application_name = 'leak'; select 1/0");
			DataSourceConnections connections = new DataSourceConnections(pool);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connections.open(Map.of()))
				.withMessageContaining("division by zero");
		}
		org.awaitility.Awaitility.await().untilAsserted(() -> {
			try (Connection connection = watcher.getConnection()) {
				assertThat(ask(connection, "select count(*) from pg_stat_activity where application_name = 'leak'"))
					.isEqualTo("0");
			}
		});
	}

	@Test
	void tellsNoPasswordIfTheServerRefusesIt(CapturedOutput output) {
		// the embedded PostgreSQL trusts everybody
		try (TestDatabase other = TestServer.MARIADB.create()) {
			DirectConnector connector = DirectConnector.to(other.url(),
					new Credentials(other.createUserWithoutRights(), "wr0ng-hush"), null, Map.of());
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> new DirectConnections(() -> connector).open(Map.of()))
				.satisfies((ex) -> assertThat(stackTrace(ex)).contains("Access denied for user")
					.doesNotContain("wr0ng-hush"));
		}
		assertThat(output).doesNotContain("wr0ng-hush");
	}

	@Test
	void tellsNoPasswordIfTheDriverDoes(CapturedOutput output) {
		SimpleDriverDataSource dataSource = new SimpleDriverDataSource(new TalkativeDriver(), "jdbc:talk:?key=url-hush",
				"me", "pass-hush");
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> new DataSourceConnections(dataSource).open(Map.of()))
			.satisfies((ex) -> {
				assertThat(stackTrace(ex)).doesNotContain("hush").contains(TalkativeDriver.class.getName());
				assertThat(ex.getSQLState()).isEqualTo("08001");
				assertThat(ex.getErrorCode()).isEqualTo(42);
			});
		assertThat(output).doesNotContain("hush");
	}

	@Test
	void saysWhichDriverDoesNotAcceptTheUrl() {
		SimpleDriverDataSource dataSource = new SimpleDriverDataSource(new org.h2.Driver(),
				"jdbc:other://host?password=hush");
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> new DataSourceConnections(dataSource).open(Map.of()))
			.withMessage("The driver org.h2.Driver does not accept the URL of the DataSource");
	}

	private HikariConfig hikari() {
		HikariConfig configuration = new HikariConfig();
		configuration.setJdbcUrl(this.database.url());
		configuration.setUsername(this.database.user());
		configuration.setPassword(this.database.password());
		configuration.setMaximumPoolSize(1);
		return configuration;
	}

	private DriverManagerDataSource springDataSource() {
		return new DriverManagerDataSource(this.database.url(), this.database.user(), this.database.password());
	}

	private static DataSource opaqueDataSource() {
		return (DataSource) Proxy.newProxyInstance(DataSource.class.getClassLoader(),
				new Class<?>[] { DataSource.class }, (proxy, method, arguments) -> {
					throw new UnsupportedOperationException(method.getName());
				});
	}

	private static Connection open(DataSourceConnections connections) throws SQLException {
		return connections.open(Map.of()).orElseThrow();
	}

	private static String ask(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
	}

	private static String stackTrace(Throwable exception) {
		StringWriter text = new StringWriter();
		exception.printStackTrace(new PrintWriter(text));
		return text.toString();
	}

	/**
	 * A driver that puts into its message what it was given.
	 */
	static class TalkativeDriver implements Driver {

		@Override
		public Connection connect(String url, Properties info) throws SQLException {
			throw new SQLException("Cannot connect", "08001", 42,
					new IllegalStateException("with " + url + " and " + info));
		}

		@Override
		public boolean acceptsURL(String url) {
			return true;
		}

		@Override
		public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
			return new DriverPropertyInfo[0];
		}

		@Override
		public int getMajorVersion() {
			return 1;
		}

		@Override
		public int getMinorVersion() {
			return 0;
		}

		@Override
		public boolean jdbcCompliant() {
			return false;
		}

		@Override
		public Logger getParentLogger() {
			return Logger.getGlobal();
		}

	}

}
