package io.github.migrateboot;

import java.nio.file.Path;
import java.util.List;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.settings.StatementSettings.Online;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What {@code migrate.statement.online=require} says to migrations that are known to be
 * dangerous, and to the safe ones in their place, whether there are rows or not.
 */
class OnlineCorpusTests {

	private static final String OK = "ok";

	@TempDir
	private Path path;

	private static TestDatabase create(OnlineServer server, boolean filled) {
		TestDatabase database = server.create();
		database.execute("CREATE TABLE parent (id bigint PRIMARY KEY)",
				"CREATE TABLE t (id bigint PRIMARY KEY, a int, b varchar(50), parent_id bigint) CHARACTER SET utf8mb4");
		if (filled) {
			database.execute("INSERT INTO parent VALUES (1)",
					"INSERT INTO t VALUES (1, 1, 'x', 1), (2, 2, 'y', 1), (3, 3, 'z', NULL)");
		}
		return database;
	}

	private String migrate(TestDatabase database, String up) {
		Migrator migrator = new Migrator(new MigrationFolder(this.path).add("1_file.sql", up).source(),
				database.connections(), MigratorSettings.defaults(Instance.current("corpus"))
					.withStatement(StatementSettings.defaults().withOnline(Online.REQUIRE)));
		MigrationFailedException failure = catchThrowableOfType(MigrationFailedException.class, migrator::migrate);
		return (failure == null) ? OK : failure.getDescription().replaceAll("(?s).*code (\\d+).*", "$1");
	}

	private static String definition(TestDatabase database) {
		return (String) database.jdbc().queryForMap("SHOW CREATE TABLE t").get("Create Table");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ALTER TABLE t MODIFY a bigint                                        | 1846 | 1846
			ALTER TABLE t MODIFY b varchar(64)                                   | 1846 | 1846
			ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0)                        | 1846 | 1845
			ALTER TABLE t ADD FOREIGN KEY (parent_id) REFERENCES parent (id)     | 1846 | 1846
			ALTER TABLE t ADD COLUMN z int AS (a + 1) STORED                     | 1845 | 1845
			ALTER TABLE t CONVERT TO CHARACTER SET latin1                        | 1846 | 1846
			ALTER TABLE t ORDER BY a                                             | 1846 | 1846
			ALTER TABLE t ENGINE=MyISAM                                          | 1846 | 1846
			ALTER TABLE t ADD FULLTEXT INDEX f (b)                               | 1846 | 1846
			ALTER TABLE t PARTITION BY HASH (id) PARTITIONS 4                    | 1846 | 1846
			ALTER TABLE t DROP PRIMARY KEY                                       | 1846 | 1846
			ALTER TABLE t ADD COLUMN z int CHECK (z > 0)                         | 1846 | ok
			ALTER TABLE t ADD COLUMN z bigint REFERENCES parent (id)             | 1846 | 1846
			ALTER TABLE t ADD COLUMN z json DEFAULT ('{}')                       | 1845 | ok
			ALTER TABLE t MODIFY a int NOT NULL                                  | ok   | ok
			ALTER TABLE t ADD COLUMN z int FIRST                                 | ok   | ok
			ALTER TABLE t RENAME TO t2                                           | ok   | ok
			OPTIMIZE TABLE t                                                     | ok   | ok
			""")
	void dangerousOnesAreRefusedAndChangeNothing(String statement, String mySql, String mariaDb) {
		for (OnlineServer server : OnlineServer.values()) {
			for (boolean filled : List.of(false, true)) {
				try (TestDatabase database = create(server, filled)) {
					String before = definition(database);
					String expected = (server == OnlineServer.MYSQL) ? mySql
							: server.refusesCopies(database) ? mariaDb : OK;
					assertThat(migrate(database, statement)).as("%s, %s", server, filled).isEqualTo(expected);
					if (!OK.equals(expected)) {
						assertThat(definition(database)).isEqualTo(before);
					}
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void safeOnesAreDone(OnlineServer server) {
		for (String migration : List.of(
				"ALTER TABLE t ADD COLUMN a8 bigint;\nUPDATE t SET a8 = a WHERE id < 1000;\n"
						+ "ALTER TABLE t DROP COLUMN a, RENAME COLUMN a8 TO a;",
				"ALTER TABLE t MODIFY b varchar(63);",
				"SET foreign_key_checks = 0;\nALTER TABLE t ADD FOREIGN KEY (parent_id) REFERENCES parent (id);",
				"ALTER TABLE t ADD COLUMN z int AS (a + 1) VIRTUAL;",
				"CREATE TABLE t_new (id bigint PRIMARY KEY, a int) PARTITION BY HASH (id) PARTITIONS 4;\n"
						+ "INSERT INTO t_new SELECT id, a FROM t WHERE id BETWEEN 1 AND 1000;\n"
						+ "RENAME TABLE t TO t_old, t_new TO t;",
				"ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, a);", "ALTER TABLE t ADD COLUMN z int;",
				"ALTER TABLE t ADD COLUMN z json;\nUPDATE t SET z = '{}' WHERE id < 1000;\n"
						+ "ALTER TABLE t MODIFY z json NOT NULL;",
				"ALTER TABLE t ADD COLUMN z int FIRST;")) {
			for (boolean filled : List.of(false, true)) {
				try (TestDatabase database = create(server, filled)) {
					assertThat(migrate(database, migration)).as("%s, %s", migration, filled).isEqualTo(OK);
				}
			}
		}
	}

}
