package io.github.migrateboot;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.github.migrateboot.script.OnlineDdl;
import io.github.migrateboot.script.OnlineDdl.Form;
import io.github.migrateboot.script.SqlRules;
import io.github.migrateboot.script.SqlSyntax;
import io.github.migrateboot.testing.TestDatabase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What servers make of the texts of {@link OnlineDdl}: the same as of the original, or a
 * refusal that leaves everything as it was. Never a syntax error that the original has
 * not.
 */
class OnlineTextsTests {

	private static final String ARROW = " => ";

	private static final Set<Integer> REFUSED = Set.of(1845, 1846);

	private static final int NOT_PARSED = 1064;

	/** Each with what fills it. */
	private static final Map<String, List<String>> TABLES = tables();

	private static Map<String, List<String>> tables() {
		Map<String, List<String>> tables = new LinkedHashMap<>();
		tables.put("parent",
				List.of("CREATE TABLE parent (id bigint PRIMARY KEY, a int)", "INSERT INTO parent VALUES (1, 1)"));
		tables.put("t", List.of("""
				CREATE TABLE t (id bigint PRIMARY KEY AUTO_INCREMENT, a int, b varchar(50), v varchar(300),
				n decimal(10,2), d datetime, e enum('x','y'), parent_id bigint, r int NOT NULL DEFAULT 1, KEY ix (n),
				CONSTRAINT ck CHECK (n > 0), CONSTRAINT fk FOREIGN KEY (parent_id) REFERENCES parent (id)
				ON DELETE CASCADE) CHARACTER SET utf8mb4""", """
				INSERT INTO t (a, b, n, d, e, parent_id)
				VALUES (1, 'x', 1, now(), 'x', 1), (2, 'y', 2, now(), 'y', 1)"""));
		tables.put("plain",
				List.of("CREATE TABLE plain (id bigint PRIMARY KEY, a int, b varchar(50)) CHARACTER SET utf8mb4",
						"INSERT INTO plain VALUES (1, 1, 'x'), (2, 2, 'y')"));
		tables.put("part", List.of("""
				CREATE TABLE part (id int, a int) PARTITION BY RANGE (id)
				(PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))""",
				"INSERT INTO part VALUES (1, 1), (11, 1)"));
		tables.put("hashed", List.of("CREATE TABLE hashed (id int, a int) PARTITION BY HASH (id) PARTITIONS 4"));
		tables.put("isam", List.of("CREATE TABLE isam (id int PRIMARY KEY, a int) ENGINE=MyISAM"));
		tables.put("ft", List.of("CREATE TABLE ft (id int PRIMARY KEY, b text, FULLTEXT KEY f (b))"));
		tables.put("odd name``s", List.of("CREATE TABLE `odd name``s` (id int PRIMARY KEY, `lock` int)"));
		tables.put("renamed", List.of());
		return tables;
	}

	/** Whatever stands before the arrow is executed first. */
	private static final List<String> TEXTS = """
			ALTER TABLE t ADD z int
			ALTER TABLE t ADD z int NOT NULL DEFAULT 5
			ALTER TABLE t ADD z timestamp DEFAULT now()
			ALTER TABLE t DROP COLUMN a
			ALTER TABLE t RENAME COLUMN a TO aa
			ALTER TABLE t CHANGE a aa int
			ALTER TABLE t ADD z int AS (a + 1) VIRTUAL
			ALTER TABLE t ALTER a SET DEFAULT 3
			ALTER TABLE t ALTER r DROP DEFAULT
			ALTER TABLE t MODIFY e enum('x','y','z')
			ALTER TABLE t ADD z int INVISIBLE
			ALTER TABLE t ADD z int FIRST
			ALTER TABLE t ADD z int AFTER a
			ALTER TABLE t ADD z json DEFAULT ('{}')
			ALTER TABLE t ADD z char(36) DEFAULT (uuid())
			ALTER TABLE t ADD z int CHECK (z > 0)
			ALTER TABLE part ADD z int AUTO_INCREMENT UNIQUE
			ALTER TABLE plain MODIFY id bigint AUTO_INCREMENT
			ALTER TABLE t ADD z int AS (a + 1) STORED
			ALTER TABLE t ADD CONSTRAINT c2 CHECK (a > 0)
			ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES parent (id)
			ALTER TABLE plain ADD FOREIGN KEY (a) REFERENCES parent (nothing)
			ALTER TABLE t ADD z bigint REFERENCES parent (id)
			ALTER TABLE plain DROP PRIMARY KEY
			SET foreign_key_checks=0 => ALTER TABLE t ADD CONSTRAINT f2 FOREIGN KEY (id) REFERENCES parent (id)
			ALTER TABLE t DROP CONSTRAINT ck
			ALTER TABLE t DROP FOREIGN KEY fk
			ALTER TABLE t MODIFY b varchar(63)
			ALTER TABLE t MODIFY b varchar(64)
			ALTER TABLE t MODIFY v varchar(400)
			ALTER TABLE t MODIFY b varchar(10)
			ALTER TABLE t MODIFY b text
			ALTER TABLE t MODIFY a bigint
			ALTER TABLE t MODIFY a int unsigned
			ALTER TABLE t MODIFY n decimal(12,2)
			ALTER TABLE t MODIFY d datetime(6)
			ALTER TABLE t MODIFY e enum('y','x')
			ALTER TABLE t MODIFY b varchar(50) CHARACTER SET latin1
			ALTER TABLE t MODIFY b varchar(50) COLLATE utf8mb4_bin
			ALTER TABLE t MODIFY a int NOT NULL
			ALTER TABLE t MODIFY r int NULL
			SET sql_mode='' => ALTER TABLE t MODIFY a int NOT NULL
			ALTER TABLE t MODIFY a int AFTER n
			ALTER TABLE t ADD INDEX i (a)
			ALTER TABLE t ADD UNIQUE KEY u (a)
			ALTER TABLE t ADD FULLTEXT KEY f (b)
			ALTER TABLE t ADD INDEX i ((a + 1))
			ALTER TABLE t DROP INDEX ix
			ALTER TABLE t RENAME INDEX ix TO iy
			ALTER TABLE plain DROP PRIMARY KEY, ADD PRIMARY KEY (id, a)
			ALTER TABLE t ENGINE=InnoDB
			ALTER TABLE t FORCE
			ALTER TABLE t ROW_FORMAT=COMPACT
			ALTER TABLE plain CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
			ALTER TABLE plain CONVERT TO CHARACTER SET latin1
			ALTER TABLE plain ORDER BY a
			ALTER TABLE plain ENGINE=MyISAM
			ALTER TABLE plain PARTITION BY HASH(id) PARTITIONS 2
			ALTER TABLE plain PARTITION BY HASH(a) PARTITIONS 2
			ALTER TABLE plain/*!50100 PARTITION BY KEY(id) */
			ALTER TABLE part REMOVE PARTITIONING
			ALTER TABLE t COMMENT='LOCK=SHARED'
			ALTER TABLE t AUTO_INCREMENT=100
			ALTER TABLE t DEFAULT CHARACTER SET latin1
			ALTER TABLE part ADD PARTITION (PARTITION p2 VALUES LESS THAN (30))
			ALTER TABLE part DROP PARTITION p1
			ALTER TABLE part TRUNCATE PARTITION p1
			ALTER TABLE part REORGANIZE PARTITION p1 INTO (PARTITION p1 VALUES LESS THAN (15), PARTITION p2 VALUES LESS THAN (20))
			ALTER TABLE part REBUILD PARTITION p0
			ALTER TABLE hashed COALESCE PARTITION 1
			ALTER TABLE hashed ADD PARTITION PARTITIONS 2
			ALTER TABLE part ANALYZE PARTITION p0
			ALTER TABLE part OPTIMIZE PARTITION p0
			ALTER TABLE t RENAME TO renamed
			ALTER TABLE t RENAME renamed
			ALTER TABLE t RENAME TO renamed, ADD z int
			ALTER TABLE isam DISABLE KEYS
			ALTER TABLE isam ADD z int
			ALTER TABLE isam ENGINE=InnoDB
			ALTER TABLE ft ADD z int
			ALTER TABLE ft MODIFY id bigint
			ALTER TABLE t ADD z int, ADD INDEX i (z), COMMENT 'x'
			ALTER TABLE t ADD (z1 int, z2 varchar(10) DEFAULT 'a,b')
			ALTER TABLE t ADD z int, LOCK=SHARED
			ALTER TABLE t MODIFY a bigint, ALGORITHM=COPY
			ALTER TABLE t ADD z int, ALGORITHM=INSTANT
			ALTER TABLE `odd name``s` ADD z int
			ALTER TABLE`odd name``s`DROP COLUMN `lock`
			ALTER TABLE t ADD `algorithm` int
			SET sql_mode='ANSI_QUOTES' => ALTER TABLE "t" ADD "z" int COMMENT 'LOCK'
			ALTER /* one */ TABLE -- two\\n t # three\\n ADD z int -- four
			ALTER TABLE IF EXISTS t ADD z int
			ALTER TABLE t WAIT 1 ADD z int
			ALTER TABLE t NOWAIT ADD z int
			ALTER ONLINE TABLE t ADD z int
			ALTER IGNORE TABLE t ADD UNIQUE KEY u (r)
			ALTER TABLE t ADD SYSTEM VERSIONING
			ALTER TABLE t ADD COLUMN IF NOT EXISTS z int
			CREATE TEMPORARY TABLE tt (a int) => ALTER TABLE tt MODIFY a bigint
			CREATE INDEX i ON t (a)
			CREATE UNIQUE INDEX i ON t (r)
			CREATE INDEX i ON t (a DESC, b(10)) COMMENT 'x'
			CREATE INDEX i USING BTREE ON t (a) -- done
			CREATE INDEX i ON t (a) /*!80000 INVISIBLE */
			CREATE FULLTEXT INDEX i ON t (b)
			CREATE INDEX i ON isam (a)
			CREATE OR REPLACE INDEX ix ON t (n)
			CREATE INDEX IF NOT EXISTS i ON t (a)
			SET sql_mode='NO_BACKSLASH_ESCAPES' => CREATE INDEX twice ON t (a) COMMENT '\\\\' LOCK=SHARED
			ALTER TABLE nothing ADD z int
			ALTER TABLE t ADD a int
			ALTER TABLE t DROP COLUMN nothing
			ALTER TABLE t ADD z nonsense
			CREATE INDEX ix ON t (a)
			CREATE INDEX i ON t (nothing)
			"""
		.lines()
		.map((line) -> line.replace("\\n", "\n").replace("\\\\", "\\"))
		.toList();

	/** How the tables are made, as far as it is known. */
	private Map<String, String> untouched = Map.of();

	/**
	 * What has come of a text.
	 *
	 * @param error the error's number, or 0
	 * @param tables how the tables are made now
	 */
	private record Outcome(int error, Map<String, String> tables) {

		boolean isRefusal() {
			return REFUSED.contains(this.error);
		}

	}

	@ParameterizedTest
	@EnumSource
	void sameAsTheOriginalOrRefused(OnlineServer server) throws SQLException {
		List<String> refused = new ArrayList<>();
		List<String> allowed = new ArrayList<>();
		try (TestDatabase database = server.create(); Connection connection = database.connect()) {
			SqlRules rules = new SqlRules(SqlSyntax.MYSQL, connection.getMetaData().getDatabaseProductVersion(), "",
					"");
			for (String each : TEXTS) {
				int arrow = each.indexOf(ARROW);
				String before = each.substring(0, Math.max(0, arrow));
				String text = (arrow < 0) ? each : each.substring(arrow + ARROW.length());
				OnlineDdl ddl = OnlineDdl.of(text, rules);
				if (ddl.form() != Form.ASKING) {
					assertThat(ddl.text()).isEqualTo(text);
					continue;
				}
				Map<String, String> untouched = reset(database);
				Outcome sent = run(database, before, ddl.text());
				if (sent.isRefusal()) {
					refused.add(text);
					assertThat(sent.tables()).as(ddl.text()).isEqualTo(untouched);
					continue;
				}
				reset(database);
				Outcome own = run(database, before, text);
				if (sent.error() == NOT_PARSED && own.error() == 0) {
					// Then the own text is sent.
					assertThat(text).as("what has no place for the clause").startsWith("CREATE INDEX twice");
					continue;
				}
				assertThat(sent).as(ddl.text()).isEqualTo(own);
				if (own.error() == 0) {
					allowed.add(text);
				}
			}
			assertThat(allowed).hasSizeGreaterThan(40)
				.contains("ALTER TABLE t ADD z int", "ALTER TABLE t FORCE", "CREATE INDEX i ON t (a)");
			assertThat(refused).contains("ALTER TABLE t MODIFY a bigint", "CREATE FULLTEXT INDEX i ON t (b)");
			assertThat(server.refusesCopies(database) ? refused : allowed)
				.contains("ALTER TABLE plain CONVERT TO CHARACTER SET latin1", "ALTER TABLE isam ENGINE=InnoDB");
		}
	}

	/**
	 * Make the tables again that are not as they were.
	 */
	private Map<String, String> reset(TestDatabase database) throws SQLException {
		try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
			Map<String, String> now = definitions(statement);
			if (now.equals(this.untouched)) {
				return now;
			}
			statement.execute("SET foreign_key_checks=0");
			List<String> changed = TABLES.keySet()
				.stream()
				.filter((name) -> !now.get(name).equals(this.untouched.get(name)))
				.toList();
			for (String name : changed) {
				statement.execute("DROP TABLE IF EXISTS `" + name + "`");
			}
			for (String name : changed) {
				for (String sql : TABLES.get(name)) {
					statement.execute(sql);
				}
			}
			Map<String, String> made = definitions(statement);
			assertThat(this.untouched.isEmpty() ? made : this.untouched).isEqualTo(made);
			this.untouched = made;
			return made;
		}
	}

	private static Outcome run(TestDatabase database, String before, String text) throws SQLException {
		try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
			statement.setEscapeProcessing(false);
			if (!before.isEmpty()) {
				statement.execute(before);
			}
			int error = execute(statement, text);
			statement.execute("SET sql_mode=''");
			return new Outcome(error, definitions(statement));
		}
	}

	private static Map<String, String> definitions(Statement statement) {
		Map<String, String> definitions = new TreeMap<>();
		TABLES.keySet().forEach((name) -> definitions.put(name, definition(statement, name)));
		return definitions;
	}

	private static int execute(Statement statement, String text) {
		try {
			boolean rows = statement.execute(text);
			while (rows || statement.getUpdateCount() >= 0) {
				rows = statement.getMoreResults();
			}
			return 0;
		}
		catch (SQLException ex) {
			return ex.getErrorCode();
		}
	}

	private static String definition(Statement statement, String name) {
		try (ResultSet rows = statement.executeQuery("SHOW CREATE TABLE `" + name + "`")) {
			rows.next();
			return rows.getString(2).toLowerCase(Locale.ROOT);
		}
		catch (SQLException ex) {
			return "error " + ex.getErrorCode();
		}
	}

}
