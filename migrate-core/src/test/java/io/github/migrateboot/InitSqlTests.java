package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.ConnectionMismatchException;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.settings.ConnectSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@code migrate.init-sql}.
 */
class InitSqlTests {

	@TempDir
	private Path path;

	private MigrationFolder folder;

	@BeforeEach
	void create() {
		this.folder = new MigrationFolder(this.path);
	}

	@Test
	void holdsForEveryMigrationWhateverOneOfThemSets() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			String role = "owner_" + database.name();
			database.execute("create role " + role, "grant all on schema public to " + role);
			this.folder.add("1_first.sql",
					"create table first as select current_user::text as name, current_setting('app.flag') as flag;"
							+ "\nset app.flag = 'mine';\nreset role;");
			this.folder.addWithoutTransaction("2_second.sql",
					"create table second as select current_user::text as name, current_setting('app.flag') as flag;");
			try {
				migrate(database.connections(), "set role " + role + "; -- the owner\nset app.flag = 'a;b';");
				for (String table : new String[] { "first", "second" }) {
					assertThat(database.jdbc().queryForMap("select * from " + table)).as(table)
						.isEqualTo(Map.of("name", role, "flag", "a;b"));
				}
			}
			finally {
				database.execute("drop owned by " + role, "drop role " + role);
			}
		}
	}

	@Test
	void runsSeveralStatementsWhereTheDriverTakesOneAtATime() {
		try (TestDatabase database = TestServer.MARIADB.create()) {
			this.folder.add("1_first.sql", "create table first as select @one + @two as answer;");
			migrate(database.connections(), "set @one = 40; set @two = 2");
			assertThat(database.jdbc().queryForObject("select answer from first", Integer.class)).isEqualTo(42);
		}
	}

	@Test
	void isTakenBackOnAConnectionOfTheApplication() {
		try (TestDatabase database = TestServer.SQLITE.create(); HikariDataSource pool = database.pool(1)) {
			JdbcTemplate jdbc = new JdbcTemplate(pool);
			assertThat(jdbc.queryForObject("pragma foreign_keys", Integer.class)).isZero();
			this.folder.add("1_first.sql",
					"create table first as select foreign_keys as answer from pragma_foreign_keys;");
			migrate(borrowing(pool), "pragma foreign_keys = on");
			assertThat(jdbc.queryForObject("select answer from first", Integer.class)).isOne();
			assertThat(jdbc.queryForObject("pragma foreign_keys", Integer.class)).isZero();
		}
	}

	@Test
	void isNotRunWhenNothingIsPending() {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			this.folder.add("1_first.sql", "create table first (id int);");
			migrate(database.connections(), null);
			assertThat(migrate(database.connections(), "this is no sql").alreadyApplied()).isEqualTo(1);
		}
	}

	@Test
	void failureSaysWhichStatementItWas() {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			this.folder.add("1_first.sql", "create table first (id int);");
			assertThatExceptionOfType(InvalidSettingException.class)
				.isThrownBy(() -> migrate(database.connections(), "select 1; selekt 2"))
				.satisfies((failure) -> {
					assertThat(failure.getDescription()).startsWith("migrate.init-sql failed at \"selekt 2\": ")
						.contains("syntax error")
						.endsWith("Nothing was applied in this run.");
					assertThat(failure.getAction()).startsWith("Correct migrate.init-sql");
				});
			assertThat(database.jdbc().queryForList("select name from sqlite_master")).isEmpty();
		}
	}

	@Test
	void mayNotLeadElsewhere() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute("create schema other");
			this.folder.add("1_first.sql", "create table first (id int);");
			assertThatExceptionOfType(ConnectionMismatchException.class)
				.isThrownBy(() -> migrate(database.connections(), "set search_path = other"))
				.withMessageContaining("migrate.init-sql leads the connection from")
				.withMessageContaining("other");
			assertThat(database.jdbc().queryForList("select 1 from pg_tables where tablename = 'first'")).isEmpty();
		}
	}

	@Test
	void isRefusedBehindAPoolerWhereNoSessionKeepsIt() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				PgBouncer pgBouncer = PgBouncer.start(database)) {
			this.folder.add("1_first.sql", "create table first (id int);");
			assertThatExceptionOfType(InvalidSettingException.class)
				.isThrownBy(() -> migrate(pgBouncer.through(database).connections(), "set app.flag = 'on'"))
				.withMessageContaining("behind the pooler there is no session that would keep what it sets");
		}
	}

	private MigrationReport migrate(MigrationConnections connections, String initSql) {
		MigratorSettings settings = MigratorSettings.defaults(Instance.current("init"))
			.withConnect(ConnectSettings.defaults().withInitSql(initSql));
		return new Migrator(this.folder.source(), connections, settings).migrate();
	}

	private static MigrationConnections borrowing(HikariDataSource pool) {
		return new MigrationConnections() {

			@Override
			public Connection borrow() throws SQLException {
				return pool.getConnection();
			}

			@Override
			public Optional<Connection> open(Map<String, String> driverProperties) {
				return Optional.empty();
			}

		};
	}

}
