package io.github.migrateboot;

import java.nio.file.Path;
import java.util.List;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.HistoryAccessException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.Mode;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A table of another tool that happens to have the history table's name is refused, and
 * one that dbmate can work with is used.
 */
class ForeignHistoryTests {

	@TempDir
	private Path path;

	private Migrator migrator(TestDatabase database, String table, Mode mode) {
		new MigrationFolder(this.path).add("1_table.sql", "CREATE TABLE t (a integer);");
		return new Migrator(new MigrationFolder(this.path).source(), database.connections(),
				MigratorSettings.defaults(Instance.current("foreign")).withTable(table).withMode(mode));
	}

	private static String create(TestDatabase database, String table, String columns) {
		String name = database.quoted(table);
		return "CREATE TABLE " + name + " (" + columns + ")";
	}

	private void requireRefused(TestDatabase database, String table, String columns, String row, String... words) {
		String name = database.quoted(table);
		database.execute(create(database, table, columns));
		if (!row.isEmpty()) {
			database.execute("INSERT INTO " + name + " VALUES (" + row + ")");
		}
		List<?> before = database.jdbc().queryForList("SELECT * FROM " + name);
		List<String> tables = tables(database);
		for (Mode mode : Mode.values()) {
			assertThatExceptionOfType(HistoryAccessException.class).isThrownBy(migrator(database, table, mode)::migrate)
				.satisfies((ex) -> assertThat(ex.getDescription()).contains(table)
					.satisfies((text) -> List.of(words).forEach((word) -> assertThat(text).containsIgnoringCase(word))))
				.satisfies((ex) -> assertThat(ex.getAction()).contains("migrate.table"));
		}
		assertThat(database.jdbc().queryForList("SELECT * FROM " + name)).isEqualTo(before);
		assertThat(tables(database)).isEqualTo(tables);
		database.execute("DROP TABLE " + name);
	}

	private static List<String> tables(TestDatabase database) {
		String sql = switch (database.server()) {
			case SQLITE -> "SELECT name FROM sqlite_master ORDER BY name";
			case MARIADB, MYSQL ->
				"SELECT table_name FROM information_schema.tables WHERE table_schema = database() ORDER BY table_name";
			default -> "SELECT table_name FROM information_schema.tables WHERE lower(table_schema) = 'public'"
					+ " ORDER BY table_name";
		};
		return database.jdbc().queryForList(sql, String.class);
	}

	@ParameterizedTest
	@EnumSource
	void tableOfAnotherToolIsRefused(TestServer server) {
		try (TestDatabase database = server.create()) {
			requireRefused(database, "schema_migrations", "version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL",
					"1, false", "golang-migrate", "version");
			// the version that it has is one of ours, and not ours
			requireRefused(database, "schema_migrations", "version bigint NOT NULL PRIMARY KEY, dirty boolean NOT NULL",
					"", "golang-migrate");
			requireRefused(database, "schema_migrations",
					"version bigint NOT NULL PRIMARY KEY, inserted_at timestamp NULL", "1, NULL", "Ecto", "bigint");
			requireRefused(database, "schema_migrations", "version integer PRIMARY KEY", "", "version");
			requireRefused(database, "schema_migrations", "version varchar(128) PRIMARY KEY, who varchar(9) NOT NULL",
					"", "who");
			requireRefused(database, "schema_migrations", "filename varchar(255) PRIMARY KEY", "'a.sql'", "Sequel",
					"no column version");
			requireRefused(database, "schema_migrations",
					"id bigint NOT NULL, applied timestamp NULL, description varchar(99)", "", "Migratus");
			requireRefused(database, "flyway_schema_history", "installed_rank integer NOT NULL PRIMARY KEY,"
					+ " version varchar(50), description varchar(200) NOT NULL, type varchar(20) NOT NULL,"
					+ " script varchar(1000) NOT NULL, checksum integer, installed_by varchar(100) NOT NULL,"
					+ " installed_on timestamp DEFAULT CURRENT_TIMESTAMP NOT NULL, execution_time integer NOT NULL,"
					+ " success boolean NOT NULL", "", "Flyway", "installed_by");
			requireRefused(database, "goose_db_version",
					"id integer PRIMARY KEY, version_id bigint NOT NULL, is_applied boolean NOT NULL", "", "goose");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "SQLITE", "POSTGRES_EMBEDDED", "MYSQL" })
	void tableAsTheToolItselfCreatesItIsRefused(TestServer server) {
		String golang = switch (server) {
			case SQLITE -> "version uint64, dirty bool";
			case MYSQL -> "version bigint not null primary key, dirty boolean not null";
			default -> "version bigint not null primary key, dirty boolean not null";
		};
		try (TestDatabase database = server.create()) {
			requireRefused(database, "schema_migrations", golang, "1, false", "golang-migrate");
		}
	}

	@ParameterizedTest
	@EnumSource
	void tableThatDbmateCanWriteToIsUsed(TestServer server) {
		String mysqlGenerated = (server == TestServer.SQLITE) ? ""
				: ", b integer GENERATED ALWAYS AS (1 + 1)" + (server.name().startsWith("POSTGRES") ? " STORED" : "");
		for (String columns : List.of("version varchar(255) NOT NULL PRIMARY KEY", "version char(99)",
				"version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP",
				"version varchar(99) NOT NULL, note varchar(9) NULL, n integer NOT NULL DEFAULT 3" + mysqlGenerated)) {
			try (TestDatabase database = server.create()) {
				database.execute(create(database, "schema_migrations", columns));
				MigrationReport report = migrator(database, "schema_migrations", Mode.APPLY).migrate();
				assertThat(report.applied()).as(columns).containsExactly("1");
				assertThat(migrator(database, "schema_migrations", Mode.APPLY).migrate().applied()).as(columns)
					.isEmpty();
			}
		}
	}

}
