package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.database.Server;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.testing.TestDatabase;
import org.jspecify.annotations.Nullable;

/**
 * An instance that wants the lock, with a migrating connection of its own.
 */
final class Contender implements AutoCloseable {

	static final Duration LEASE_DURATION = Duration.ofSeconds(5);

	final LockRequest request;

	final Connection connection;

	final LockStrategy strategy;

	Contender(String url, String user, String password, Options options) throws SQLException {
		Instance instance = new Instance("host-1", ProcessHandle.current().pid(), options.application());
		this.connection = open(url, user, password, instance, null);
		Database database = Databases.detect(this.connection);
		TableName table = database.resolve(database.parseTableName(options.table()), this.connection);
		Server server = Databases.probe(this.connection);
		if (server.database().isPooled() || server.database().hasSeveralWriters()) {
			server.database().sessions().prepare(this.connection, instance);
		}
		this.request = new LockRequest(server, this.connection, () -> open(url, user, password, instance, server),
				table, options.name(), LEASE_DURATION, instance);
		this.strategy = LockStrategies.choose(options.choice(), this.request);
	}

	static Contender on(TestDatabase database) {
		return on(database, Options.DEFAULTS);
	}

	static Contender on(TestDatabase database, Options options) {
		try {
			return new Contender(database.url(), database.user(), database.password(), options);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Connection open(String url, String user, String password, Instance instance, @Nullable Server server)
			throws SQLException {
		Properties properties = new Properties();
		if (!user.isEmpty()) {
			properties.setProperty("user", user);
			properties.setProperty("password", password);
		}
		try (Connection first = DriverManager.getConnection(url, properties)) {
			Database database = (server != null) ? server.database() : Databases.detect(first);
			properties.putAll(database.sessions().driverProperties(instance, first.getMetaData().getDriverName()));
		}
		return DriverManager.getConnection(url, properties);
	}

	Optional<MigrationLock> tryAcquire() throws SQLException {
		return this.strategy.tryAcquire(Duration.ZERO);
	}

	MigrationLock acquire() throws SQLException {
		return waiter(Duration.ofSeconds(60)).await(() -> false, (holder) -> {
		}).orElseThrow();
	}

	LockWaiter waiter(Duration timeout) {
		return new LockWaiter(this.strategy, timeout, Duration.ofMillis(5), Duration.ofMillis(200), new StopSignal());
	}

	/**
	 * Return what the strategy is made from, with other connections beside.
	 */
	LockRequest request(ConnectionOpener more) {
		return new LockRequest(this.request.server(), this.connection, more, this.request.table(), this.request.name(),
				this.request.leaseDuration(), this.request.instance());
	}

	WakingStrategy waking() {
		return (WakingStrategy) this.strategy;
	}

	BlockingStrategy blocking() {
		return (BlockingStrategy) this.strategy;
	}

	HolderAdvice advice() {
		return (this.strategy instanceof HolderAdvice advice) ? advice : (holder) -> "end its process";
	}

	@Override
	public void close() throws SQLException {
		this.strategy.close();
		this.connection.close();
	}

	record Options(String application, String table, @Nullable String name, LockChoice choice) {

		static final Options DEFAULTS = new Options("orders", "schema_migrations", null, LockChoice.AUTO);

		Options withTable(String table) {
			return new Options(this.application, table, this.name, this.choice);
		}

		Options withName(String name) {
			return new Options(this.application, this.table, name, this.choice);
		}

		Options withApplication(String application) {
			return new Options(application, this.table, this.name, this.choice);
		}

		Options withChoice(LockChoice choice) {
			return new Options(this.application, this.table, this.name, choice);
		}

	}

}
