package io.github.migrateboot;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How many statements a run executes where there is no wire to count round trips on.
 */
class StatementCountTests {

	private static final int MIGRATIONS = 10;

	@TempDir
	private Path path;

	private final AtomicInteger count = new AtomicInteger();

	private int migrate(MigrationFolder folder, TestDatabase database, int applied) throws SQLException {
		this.count.set(0);
		MigrationReport report = new Migrator(folder.source(), new Connections(database),
				MigratorSettings.defaults(Instance.current("statements")))
			.migrate();
		assertThat(report.applied()).hasSize(applied);
		return this.count.get();
	}

	private static void add(MigrationFolder folder, int from, int to, String more) {
		for (int number = from; number <= to; number++) {
			folder.add("%03d.sql".formatted(number), "CREATE TABLE t" + number + " (a integer);\nINSERT INTO t" + number
					+ " VALUES (1);\n" + more.formatted(number, number));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SQLITE", "H2" })
	void nothingPendingCostsOne(TestServer server) throws SQLException {
		try (TestDatabase database = server.create()) {
			MigrationFolder folder = new MigrationFolder(this.path);
			add(folder, 1, MIGRATIONS, "");
			migrate(folder, database, MIGRATIONS);
			assertThat(migrate(folder, database, 0)).isEqualTo(1);
		}
	}

	/**
	 * Two statements of the migration, and what begins, records and commits it.
	 */
	@ParameterizedTest
	@CsvSource({ "SQLITE, 10", "H2, 17" })
	void applyingCostsLittleAMigration(TestServer server, int limit) throws SQLException, IOException {
		assertThat(costOfOne(server, "")).isLessThanOrEqualTo(limit);
	}

	/**
	 * A statement that is DDL and follows other DDL costs itself and its intent.
	 */
	@ParameterizedTest
	@CsvSource({ "SQLITE, 1", "H2, 2" })
	void moreDdlCostsLittle(TestServer server, int limit) throws SQLException, IOException {
		String one = "CREATE INDEX i%d ON t%d (a);\n";
		String two = one + "ALTER TABLE t%1$d ADD COLUMN b integer;\n";
		assertThat(costOfOne(server, two) - costOfOne(server, one)).isLessThanOrEqualTo(limit);
	}

	/**
	 * What a migration may have changed in its session is restored all the same.
	 */
	@ParameterizedTest
	@EnumSource(names = "SQLITE")
	void settingTheSessionCostsPuttingItBack(TestServer server) throws SQLException, IOException {
		assertThat(costOfOne(server, "PRAGMA foreign_keys = off;\n")).isGreaterThan(costOfOne(server, "") + 1);
	}

	/**
	 * Return by how much more one migration more is, whatever a run costs anyway.
	 */
	private int costOfOne(TestServer server, String more) throws SQLException, IOException {
		MigrationFolder folder = new MigrationFolder(Files.createTempDirectory(this.path, "migrations"));
		add(folder, 1, MIGRATIONS, more);
		int few;
		try (TestDatabase database = server.create()) {
			few = migrate(folder, database, MIGRATIONS);
		}
		add(folder, MIGRATIONS + 1, 2 * MIGRATIONS, more);
		try (TestDatabase database = server.create()) {
			int difference = migrate(folder, database, 2 * MIGRATIONS) - few;
			assertThat(difference % MIGRATIONS).isZero();
			return difference / MIGRATIONS;
		}
	}

	/**
	 * Connections that count what is executed on them.
	 */
	private final class Connections implements MigrationConnections {

		private final TestDatabase database;

		Connections(TestDatabase database) {
			this.database = database;
		}

		@Override
		public Connection borrow() throws SQLException {
			return counting(Connection.class,
					DriverManager.getConnection(this.database.url(), this.database.user(), this.database.password()));
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
			return Optional.of(borrow());
		}

		private <T> T counting(Class<T> type, T actual) {
			return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
					(proxy, method, arguments) -> {
						if (method.getName().startsWith("execute") || method.getName().equals("commit")) {
							StatementCountTests.this.count.incrementAndGet();
						}
						try {
							Object result = method.invoke(actual, arguments);
							return (result instanceof Statement statement)
									? counting(method.getReturnType().asSubclass(Statement.class), statement) : result;
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					}));
		}

	}

}
