package io.github.migrateboot.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.script.ResourceMigrationSource;
import io.github.migrateboot.settings.BlockingSettings;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.status.MigrationReport;

/**
 * An application that only migrates: exits with 0 when everything is applied and with 1
 * after a failure.
 */
public final class MigrateProcess {

	/**
	 * How long a lease lasts here; the shortest there is.
	 */
	public static final Duration LEASE_DURATION = Duration.ofSeconds(5);

	/**
	 * Lock with a short lease.
	 */
	public static final String LEASE = "lease";

	/**
	 * Let nobody wait for long because of a migration.
	 */
	public static final String FUSE = "fuse";

	private MigrateProcess() {
	}

	/**
	 * Start a process that migrates.
	 * @param database the database
	 * @param folder the migrations
	 * @param application the application's name
	 * @return the process
	 */
	public static ChildJvm start(TestDatabase database, MigrationFolder folder, String application) {
		return ChildJvm.start(MigrateProcess.class, database.url(), database.user(), database.password(),
				folder.location(), application);
	}

	/**
	 * Start a process that migrates, with options of the caller's.
	 * @param options the options of the JVM, class path included
	 * @param database the database
	 * @param folder the migrations
	 * @param application the application's name
	 * @param how {@link #LEASE}, {@link #FUSE}
	 * @return the process
	 */
	public static ChildJvm start(List<String> options, TestDatabase database, MigrationFolder folder,
			String application, List<String> how) {
		List<String> arguments = new ArrayList<>(
				List.of(database.url(), database.user(), database.password(), folder.location(), application));
		arguments.addAll(how);
		return ChildJvm.start(options, MigrateProcess.class, arguments.toArray(String[]::new));
	}

	/**
	 * Start a process that migrates under a lease of five seconds.
	 * @param database the database
	 * @param folder the migrations
	 * @param application the application's name
	 * @return the process
	 */
	public static ChildJvm startWithLease(TestDatabase database, MigrationFolder folder, String application) {
		return ChildJvm.start(MigrateProcess.class, database.url(), database.user(), database.password(),
				folder.location(), application, "lease");
	}

	/**
	 * Start a process that rolls the last migration back.
	 * @param database the database
	 * @param folder the migrations
	 * @param application the application's name
	 * @return the process
	 */
	public static ChildJvm startRollback(TestDatabase database, MigrationFolder folder, String application) {
		return ChildJvm.start(MigrateProcess.class, database.url(), database.user(), database.password(),
				folder.location(), application, "rollback");
	}

	/**
	 * Start a process that rolls the last migration back, with options of the caller's.
	 * @param options the options of the JVM, class path included
	 * @param database the database
	 * @param folder the migrations
	 * @param application the application's name
	 * @return the process
	 */
	public static ChildJvm startRollback(List<String> options, TestDatabase database, MigrationFolder folder,
			String application) {
		return ChildJvm.start(options, MigrateProcess.class, database.url(), database.user(), database.password(),
				folder.location(), application, "rollback");
	}

	public static void main(String[] args) {
		MigrationConnections connections = connections(args[0], args[1], args[2]);
		List<String> options = List.of(args).subList(5, args.length);
		Migrator migrator = new Migrator(new ResourceMigrationSource(List.of(args[3]), null), connections,
				MigratorSettings.defaults(Instance.current(args[4]))
					.withLock(lock(options.contains(LEASE)))
					.withStatement(statement(options.contains(FUSE))));
		Runtime.getRuntime().addShutdownHook(new Thread(() -> migrator.stop(Duration.ofSeconds(2))));
		try {
			MigrationReport report = options.contains("rollback") ? migrator.rollBack() : migrator.migrate();
			System.out.println("DONE applied=" + report.applied() + " waited=" + report.waited().toMillis());
		}
		catch (MigrationException ex) {
			System.out.println("FAILED " + ex.getClass().getSimpleName() + ": " + ex.getMessage());
			ex.printStackTrace();
			System.exit(1);
		}
	}

	private static StatementSettings statement(boolean fuse) {
		StatementSettings settings = StatementSettings.defaults();
		return fuse
				? settings.withBlocking(
						new BlockingSettings(Duration.ofMillis(80), Duration.ofMillis(200), Duration.ofSeconds(1)))
				: settings;
	}

	private static LockSettings lock(boolean lease) {
		LockSettings settings = LockSettings.defaults();
		return lease ? settings.withStrategy(LockChoice.LEASE).withLeaseDuration(LEASE_DURATION) : settings;
	}

	private static MigrationConnections connections(String url, String user, String password) {
		return new MigrationConnections() {

			@Override
			public Connection borrow() throws SQLException {
				return open(Map.of()).orElseThrow();
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
				Properties properties = new Properties();
				if (!user.isEmpty()) {
					properties.setProperty("user", user);
					properties.setProperty("password", password);
				}
				properties.putAll(driverProperties);
				return Optional.of(DriverManager.getConnection(url, properties));
			}

		};
	}

}
