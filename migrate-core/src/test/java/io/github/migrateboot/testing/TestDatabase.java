package io.github.migrateboot.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.connection.MigrationConnections;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * One database of a test, empty at first and dropped when it is closed.
 */
public final class TestDatabase implements AutoCloseable {

	static final int MAX_USERS = 3;

	private final TestServer server;

	private final String url;

	private final String user;

	private final String password;

	private final Runnable drop;

	private final List<HikariDataSource> pools = new CopyOnWriteArrayList<>();

	private final AtomicInteger users = new AtomicInteger();

	TestDatabase(TestServer server, String url, String user, String password, Runnable drop) {
		this.server = server;
		this.url = url;
		this.user = user;
		this.password = password;
		this.drop = drop;
	}

	public TestServer server() {
		return this.server;
	}

	public String url() {
		return this.url;
	}

	public String user() {
		return this.user;
	}

	public String password() {
		return this.password;
	}

	/**
	 * Return the database's name on its server.
	 * @return the name; on SQLite and H2 the file's
	 */
	public String name() {
		return this.url.replaceAll("[?;].*", "").replaceAll(".*/", "");
	}

	/**
	 * Open a connection.
	 * @return a new connection, which the caller closes
	 */
	public Connection connect() {
		return connect(Map.of());
	}

	/**
	 * Open a connection with driver properties.
	 * @param driverProperties the properties
	 * @return a new connection, which the caller closes
	 */
	public Connection connect(Map<String, String> driverProperties) {
		try {
			return open(driverProperties);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Open a connection as another user.
	 * @param user the user
	 * @param password the user's password
	 * @return a new connection, which the caller closes
	 */
	public Connection connectAs(String user, String password) {
		try {
			return DriverManager.getConnection(this.url, user, password);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Connection open(Map<String, String> driverProperties) throws SQLException {
		Properties properties = new Properties();
		if (!this.user.isEmpty()) {
			properties.setProperty("user", this.user);
			properties.setProperty("password", this.password);
		}
		properties.putAll(driverProperties);
		return DriverManager.getConnection(this.url, properties);
	}

	/**
	 * Return a data source without a pool.
	 * @return the data source
	 */
	public DataSource dataSource() {
		return new DriverManagerDataSource(this.url, this.user, this.password);
	}

	/**
	 * Return a pool, which is closed with this database.
	 * @param size how many connections it has at most
	 * @return the pool
	 */
	public HikariDataSource pool(int size) {
		HikariConfig configuration = new HikariConfig();
		configuration.setJdbcUrl(this.url);
		configuration.setUsername(this.user);
		configuration.setPassword(this.password);
		configuration.setMaximumPoolSize(size);
		configuration.setConnectionTimeout(10_000);
		HikariDataSource pool = new HikariDataSource(configuration);
		this.pools.add(pool);
		return pool;
	}

	/**
	 * Return connections as the engine wants them, without a pool.
	 * @return the connections
	 */
	public MigrationConnections connections() {
		return new MigrationConnections() {

			@Override
			public Connection borrow() throws SQLException {
				return TestDatabase.this.open(Map.of());
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
				return Optional.of(TestDatabase.this.open(driverProperties));
			}

		};
	}

	/**
	 * Return a template that opens a connection for each call.
	 * @return the template
	 */
	public JdbcTemplate jdbc() {
		return new JdbcTemplate(dataSource());
	}

	/**
	 * Quote a name as the product does.
	 * @param name the name
	 * @return the quoted name
	 */
	public String quoted(String name) {
		return switch (this.server) {
			case MYSQL, MARIADB -> "`" + name + "`";
			default -> '"' + name + '"';
		};
	}

	/**
	 * Return what the history table has.
	 * @return the versions, sorted
	 */
	public List<String> versions() {
		return jdbc().queryForList("SELECT version FROM " + quoted("schema_migrations") + " ORDER BY version",
				String.class);
	}

	/**
	 * Execute statements on one connection.
	 * @param sql the statements
	 */
	public void execute(String... sql) {
		try (Connection connection = connect(); var statement = connection.createStatement()) {
			for (String each : sql) {
				statement.execute(each);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Dump this database with the server's own program; on PostgreSQL in a container.
	 * @return the script
	 */
	public String dump() {
		return this.server.dump(name());
	}

	/**
	 * Create a user who may connect to this database and nothing else, with the password
	 * {@code secret}; dropped with this database. For PostgreSQL, MySQL, MariaDB and H2.
	 * @return the user's name
	 */
	public String createUserWithoutRights() {
		String name = userName(name(), this.users.incrementAndGet());
		switch (this.server) {
			case POSTGRES, POSTGRES_EMBEDDED -> execute("create role " + name + " login password 'secret'",
					"revoke create on schema public from public");
			case MYSQL, MARIADB -> execute("create user " + name + "@'%' identified by 'secret'",
					"grant usage on *.* to " + name + "@'%'", "grant select on " + name() + ".* to " + name + "@'%'");
			case H2 -> execute("create user " + name + " password 'secret'");
			case SQLITE -> throw new UnsupportedOperationException("SQLite has no users");
		}
		return name;
	}

	/**
	 * Return the same database as another user sees it.
	 * @param user the user
	 * @param password the user's password
	 * @return the database; what it has opened is closed with it, and nothing is dropped
	 */
	public TestDatabase as(String user, String password) {
		return new TestDatabase(this.server, this.url, user, password, () -> {
		});
	}

	/**
	 * Return the same database by another URL.
	 * @param url the URL
	 * @return the database; what it has opened is closed with it, and nothing is dropped
	 */
	public TestDatabase at(String url) {
		return new TestDatabase(this.server, url, this.user, this.password, () -> {
		});
	}

	static String userName(String database, int number) {
		return database + "_u" + number;
	}

	@Override
	public void close() {
		this.pools.forEach(HikariDataSource::close);
		this.drop.run();
	}

	@Override
	public String toString() {
		return this.server.name() + " " + name();
	}

}
