package io.github.migrateboot.script;

import io.github.migrateboot.script.OnlineDdl.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OnlineDdl}: where the clause goes, and where it doesn't. That servers
 * read it so is tested by {@code OnlineTextsTests}.
 */
class OnlineDdlTests {

	private static final SqlRules MYSQL = new SqlRules(SqlSyntax.MYSQL, "9.7.0", "", "");

	private static final SqlRules MARIADB = new SqlRules(SqlSyntax.MYSQL, "10.11.6-MariaDB", "", "");

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\0',
			textBlock = """
					ALTER TABLE t ADD c int                        | t     | ALTER TABLE t LOCK=NONE, ADD c int
					alter table t add c int                        | t     | alter table t LOCK=NONE, add c int
					ALTER TABLE `T 1`ADD c int                     | t 1   | ALTER TABLE `T 1` LOCK=NONE,ADD c int
					ALTER TABLE "t" ADD c int                      | t     | ALTER TABLE "t" LOCK=NONE, ADD c int
					ALTER TABLE a.t ADD c int                      | a.t   | ALTER TABLE a.t LOCK=NONE, ADD c int
					ALTER TABLE `a` . `t` ADD c int                | a.t   | ALTER TABLE `a` . `t` LOCK=NONE, ADD c int
					ALTER TABLE größe$1 ADD c int                  | größe$1 | ALTER TABLE größe$1 LOCK=NONE, ADD c int
					ALTER ONLINE IGNORE TABLE IF EXISTS t ADD c int | t    | ALTER ONLINE IGNORE TABLE IF EXISTS t LOCK=NONE, ADD c int
					ALTER TABLE t WAIT 5 ADD c int                 | t     | ALTER TABLE t WAIT 5 LOCK=NONE, ADD c int
					ALTER TABLE t NOWAIT ADD c int                 | t     | ALTER TABLE t NOWAIT LOCK=NONE, ADD c int
					ALTER TABLE t ADD c int DEFAULT (1), ADD (d int, e int) | t | ALTER TABLE t LOCK=NONE, ADD c int DEFAULT (1), ADD (d int, e int)
					ALTER TABLE t COMMENT 'ALGORITHM=COPY'         | t     | ALTER TABLE t LOCK=NONE, COMMENT 'ALGORITHM=COPY'
					ALTER TABLE t ADD `lock` int                   | t     | ALTER TABLE t LOCK=NONE, ADD `lock` int
					ALTER TABLE t ADD CHECK (lock > 1)             | t     | ALTER TABLE t LOCK=NONE, ADD CHECK (lock > 1)
					ALTER TABLE t ADD c int -- LOCK=SHARED         | t     | ALTER TABLE t LOCK=NONE, ADD c int -- LOCK=SHARED
					ALTER /* a */ TABLE # b                        |       |
					ALTER TABLE t RENAME COLUMN a TO b             | t     | ALTER TABLE t LOCK=NONE, RENAME COLUMN a TO b
					ALTER TABLE t RENAME INDEX a TO b              | t     | ALTER TABLE t LOCK=NONE, RENAME INDEX a TO b
					ALTER TABLE t RENAME TO u, ADD c int           | t     | ALTER TABLE t LOCK=NONE, RENAME TO u, ADD c int
					ALTER TABLE t PARTITION BY HASH(a)             | t     | ALTER TABLE t LOCK=NONE  PARTITION BY HASH(a)
					ALTER TABLE t REMOVE PARTITIONING              | t     | ALTER TABLE t LOCK=NONE  REMOVE PARTITIONING
					ALTER TABLE t /*!50100 PARTITION BY HASH(a) */ | t     | ALTER TABLE t LOCK=NONE  /*!50100 PARTITION BY HASH(a) */
					ALTER TABLE t /*!50100 ADD c int */            | t     | ALTER TABLE t LOCK=NONE, /*!50100 ADD c int */
					ALTER TABLE t ADD PARTITION PARTITIONS 2       | t     | ALTER TABLE t LOCK=NONE, ADD PARTITION PARTITIONS 2
					""")
	void asksRightBehindTheTable(String statement, String table, String expected) {
		OnlineDdl ddl = OnlineDdl.of(statement, MYSQL);
		if (expected == null) {
			assertThat(ddl.form()).isEqualTo(Form.NO_PLACE);
			return;
		}
		assertIs(ddl, Form.ASKING, table, expected);
	}

	private static void assertIs(OnlineDdl ddl, Form form, String table, String text) {
		assertThat(ddl.form()).isEqualTo(form);
		assertThat((ddl.table() != null) ? ddl.table().key() : "").isEqualTo(table);
		assertThat(ddl.text()).isEqualTo(text);
	}

	@Test
	void skipsCommentsBeforeThePlace() {
		assertThat(OnlineDdl.of("ALTER -- one\n/* two */ TABLE # three\n t/**/ADD c int", MYSQL).text())
			.isEqualTo("ALTER -- one\n/* two */ TABLE # three\n t LOCK=NONE,/**/ADD c int");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
			CREATE INDEX i ON t (a)                     | t
			CREATE UNIQUE INDEX i ON `T` (a)            | t
			CREATE FULLTEXT INDEX i ON a.t (b)          | a.t
			CREATE SPATIAL INDEX i ON t (g)             | t
			CREATE OR REPLACE INDEX IF NOT EXISTS i USING BTREE ON t (a) COMMENT 'x' | t
			CREATE INDEX i ON t (a) -- done             | t
			""")
	void asksForAnIndexOnALineOfItsOwn(String statement, String table) {
		assertIs(OnlineDdl.of(statement, MYSQL), Form.ASKING, table, statement + "\nLOCK=NONE");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER TABLE t ADD c int, LOCK=SHARED", "ALTER TABLE t ALGORITHM=COPY, ADD c int",
			"alter table t add c int, algorithm copy", "ALTER TABLE t ADD c int /*!50600 , LOCK=SHARED */",
			"CREATE INDEX i ON t (a) LOCK=SHARED", "CREATE INDEX i ON t (a) ALGORITHM=INPLACE" })
	void leavesWhatTheAuthorHasDecided(String statement) {
		assertIs(OnlineDdl.of(statement, MYSQL), Form.DECIDED, "t", statement);
		assertThat(RebuiltTables.of(statement, MYSQL)).containsExactly(new DdlTable("", "t"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALTER TABLE t", "ALTER TABLE t /*!99999 ADD c int */", "ALTER TABLE t RENAME u",
			"ALTER TABLE t RENAME TO a.u", "ALTER TABLE t RENAME AS `u`", "ALTER TABLE t DISABLE KEYS",
			"/*!40000 ALTER TABLE `t` ENABLE KEYS */", "ALTER TABLE t DISCARD TABLESPACE",
			"ALTER TABLE t IMPORT TABLESPACE", "ALTER TABLE t OPTIMIZE PARTITION p" })
	void leavesWhatIsOverInAMoment(String statement) {
		assertIs(OnlineDdl.of(statement, MYSQL), Form.MOMENTARY, "t", statement);
		assertThat(RebuiltTables.of(statement, MYSQL)).isEmpty();
	}

	@Test
	void knowsWhichTablesMayBeRebuilt() {
		assertThat(RebuiltTables.of("ALTER TABLE `A``b`.T FORCE", MYSQL)).containsExactly(new DdlTable("A`b", "T"));
		assertThat(RebuiltTables.of("CREATE INDEX i ON t (a)", MYSQL)).containsExactly(new DdlTable("", "t"));
		assertThat(RebuiltTables.of("OPTIMIZE NO_WRITE_TO_BINLOG TABLE t, `u` , a.v", MYSQL))
			.containsExactly(new DdlTable("", "t"), new DdlTable("", "u"), new DdlTable("a", "v"));
		assertThat(RebuiltTables.of("CREATE TABLE t (a int)", MYSQL)).isEmpty();
		assertThat(RebuiltTables.of("ALTER TABLE /*!50100 t */ FORCE", MYSQL)).containsExactly(new DdlTable("", "t"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/*!50100 ALTER TABLE t ADD c int */", "ALTER TABLE /*!50100 t */ ADD c int",
			"ALTER /*M!100100 ONLINE */ TABLE t ADD c int", "ALTER TABLE 't' ADD c int" })
	void touchesNothingWhereTheHeadIsNotPlain(String statement) {
		assertThat(OnlineDdl.of(statement, MYSQL)).extracting(OnlineDdl::form, OnlineDdl::text)
			.containsExactly(Form.NO_PLACE, statement);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ADD PARTITION (PARTITION p VALUES LESS THAN (3))", "DROP PARTITION p",
			"TRUNCATE PARTITION p", "REORGANIZE PARTITION", "REBUILD PARTITION ALL", "COALESCE PARTITION 1",
			"EXCHANGE PARTITION p WITH TABLE u", "CONVERT PARTITION p TO TABLE u",
			"CONVERT TABLE u TO PARTITION p VALUES LESS THAN (3)" })
	void knowsThatMariaDbTakesNoClauseBeforePartitions(String change) {
		String statement = "ALTER TABLE t " + change;
		assertIs(OnlineDdl.of(statement, MARIADB), Form.NO_PLACE, "t", statement);
		assertThat(OnlineDdl.of(statement, MYSQL).form()).isEqualTo(Form.ASKING);
	}

	@ParameterizedTest
	@ValueSource(strings = { "DROP INDEX i ON t", "OPTIMIZE TABLE t", "RENAME TABLE t TO u",
			"CREATE TABLE t (lock int)", "CREATE VIEW v AS SELECT 1", "ALTER DATABASE d CHARACTER SET utf8mb4",
			"ALTER VIEW v AS SELECT 1", "INSERT INTO t VALUES ('ALTER TABLE t ADD c int')", "-- nothing",
			"/*!99999 ALTER TABLE t ADD c int */" })
	void leavesEverythingElse(String statement) {
		assertIs(OnlineDdl.of(statement, MYSQL), Form.OTHER, "", statement);
	}

	@Test
	void readsQuotesAsTheSessionDoes() {
		SqlRules ansi = new SqlRules(SqlSyntax.MYSQL, "9.7.0", "NO_BACKSLASH_ESCAPES", "");
		String statement = "ALTER TABLE t COMMENT 'C:\\', LOCK=SHARED, COMMENT 'x'";
		assertThat(OnlineDdl.of(statement, ansi).form()).isEqualTo(Form.DECIDED);
		assertThat(OnlineDdl.of(statement, MYSQL).form()).isEqualTo(Form.ASKING);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			CREATE TABLE t (a int)                   | t    | t    | false
			create table if not exists `A`.`T` (a int) | a.t | `A`.`T` | true
			CREATE OR REPLACE TABLE t LIKE u         | t    | t    | false
			CREATE TEMPORARY TABLE t (a int)         | -    | -    | false
			CREATE INDEX i ON t (a)                  | -    | -    | false
			""")
	void knowsWhichTableIsCreated(String statement, String table, String text, boolean conditional) {
		CreatedTable created = CreatedTable.of(statement, MYSQL);
		if (table == null) {
			assertThat(created).isNull();
			return;
		}
		assertThat(created).isNotNull();
		assertThat(created.table().key()).isEqualTo(table);
		assertThat(created.text()).isEqualTo(text);
		assertThat(created.conditional()).isEqualTo(conditional);
	}

}
