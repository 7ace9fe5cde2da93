package io.github.migrateboot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.lock.LockChoice;
import io.github.migrateboot.script.SqlRules;
import io.github.migrateboot.script.SqlSyntax;
import io.github.migrateboot.settings.LockSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Statements whose meaning hangs on what ran before them mean what they mean to the
 * database's own client, which executes them one after the other with nothing in between.
 */
class SameAsClientTests {

	private static final String MYSQL_SETUP = """
			CREATE TABLE a (n integer);
			CREATE TABLE k (id integer AUTO_INCREMENT PRIMARY KEY);
			CREATE TABLE r (what varchar(40), n varchar(60));
			INSERT INTO a VALUES (1), (2), (3);
			CREATE PROCEDURE log_rows() INSERT INTO r VALUES ('in procedure', ROW_COUNT());
			-- What MariaDB says of transactions is up to 0.1 s old.
			CREATE FUNCTION iso() RETURNS varchar(40) READS SQL DATA BEGIN DO SLEEP(0.2); RETURN %s; END;
			""";

	private static final String POSTGRES_SETUP = """
			CREATE TABLE a (n integer);
			CREATE TABLE k (id serial PRIMARY KEY);
			CREATE TABLE r (what varchar(40), n varchar(60));
			INSERT INTO a VALUES (1), (2), (3);
			""";

	private static final String SQLITE_SETUP = """
			CREATE TABLE a (n integer);
			CREATE TABLE k (id integer PRIMARY KEY AUTOINCREMENT);
			CREATE TABLE r (what varchar(40), n varchar(60));
			INSERT INTO a VALUES (1), (2), (3);
			""";

	private static final String H2_SETUP = """
			CREATE TABLE a (n integer);
			CREATE TABLE k (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
			CREATE TABLE r (what varchar(40), n varchar(60));
			INSERT INTO a VALUES (1), (2), (3);
			""";

	@TempDir
	private Path path;

	static Stream<Arguments> files() {
		return Stream.of(mysql(TestServer.MARIADB), mysql(TestServer.MYSQL), postgres(), sqlite(), h2())
			.flatMap(List::stream);
	}

	private static List<Arguments> mysql(TestServer server) {
		String isolation = (server == TestServer.MARIADB)
				? "SELECT trx_isolation_level FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = CONNECTION_ID()"
				: "SELECT isolation_level FROM performance_schema.events_transactions_current WHERE thread_id = PS_CURRENT_THREAD_ID()";
		return Stream.of("UPDATE a SET n = n + 1; INSERT INTO r SELECT 'rows', ROW_COUNT();",
				"UPDATE a SET n = n + 1; INSERT INTO r SELECT 'rows', row_count /* here */ (); INSERT INTO r SELECT 'again', ROW_COUNT();",
				"UPDATE a SET n = n + 1; SET @rows = ROW_COUNT(); INSERT INTO r VALUES ('variable', @rows);",
				"UPDATE a SET n = n + 1; CREATE TABLE c AS SELECT ROW_COUNT() AS n; INSERT INTO r SELECT 'ddl', n FROM c;",
				"CREATE TABLE c AS SELECT n FROM a; INSERT INTO r SELECT 'of ddl', ROW_COUNT();",
				"DELETE FROM a WHERE n > 1; PREPARE s FROM 'INSERT INTO r SELECT ''prepared'', ?'; SET @n = 7; EXECUTE s USING @n; DEALLOCATE PREPARE s;",
				"UPDATE a SET n = n + 1; EXECUTE IMMEDIATE 'INSERT INTO r SELECT ''immediate'', ROW_COUNT()';",
				"CREATE PROCEDURE q() INSERT INTO r VALUES ('routine', ROW_COUNT()); UPDATE a SET n = n + 1; CALL q();",
				"CREATE FUNCTION g() RETURNS integer NO SQL RETURN ROW_COUNT(); UPDATE a SET n = n + 1; INSERT INTO r SELECT 'function', g();",
				"UPDATE a SET n = n + 1; CALL log_rows();",
				"SELECT SQL_CALC_FOUND_ROWS n FROM a LIMIT 1; INSERT INTO r SELECT 'found', FOUND_ROWS();",
				"SELECT SQL_CALC_FOUND_ROWS n FROM a LIMIT 1; CREATE TABLE c (n integer); INSERT INTO r SELECT 'found later', FOUND_ROWS();",
				"INSERT INTO k VALUES (NULL); INSERT INTO k VALUES (NULL); INSERT INTO r SELECT 'key', LAST_INSERT_ID(); CREATE TABLE c (n integer); INSERT INTO r SELECT 'key', @@identity;",
				"SELECT 1 / 0; INSERT INTO r SELECT 'warnings', @@warning_count;",
				"SELECT CAST('x' AS SIGNED); GET DIAGNOSTICS @n = NUMBER; INSERT INTO r VALUES ('diagnostics', @n);",
				"UPDATE a SET n = 1 WHERE n <= '2x' OR TRUE; INSERT INTO r SELECT 'rows and warnings', ROW_COUNT();",
				"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; START TRANSACTION; INSERT INTO a VALUES (4); INSERT INTO r SELECT 'isolation', iso(); COMMIT;",
				"SET TRANSACTION ISOLATION LEVEL READ COMMITTED; INSERT INTO r SELECT 'next', iso(); ",
				"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET @x = 1; START TRANSACTION; INSERT INTO r SELECT 'isolation', iso(); COMMIT; INSERT INTO r SELECT 'after', iso();",
				"SET TRANSACTION READ ONLY; START TRANSACTION; SELECT COUNT(*) FROM a; COMMIT; INSERT INTO r VALUES ('after', 'read only');",
				"START TRANSACTION READ ONLY; SELECT COUNT(*) FROM a; COMMIT; INSERT INTO r VALUES ('after', 'read only');",
				"SET SESSION TRANSACTION READ ONLY; SELECT COUNT(*) FROM a; SET SESSION TRANSACTION READ WRITE; INSERT INTO r VALUES ('after', 'read only');",
				"START TRANSACTION; UPDATE a SET n = n + 1; INSERT INTO r SELECT 'in transaction', ROW_COUNT(); COMMIT;",
				"START TRANSACTION; UPDATE a SET n = n + 1; SAVEPOINT s; DELETE FROM a; INSERT INTO r SELECT 'deleted', ROW_COUNT(); ROLLBACK TO SAVEPOINT s; INSERT INTO r SELECT 'rows', COUNT(*) FROM a; COMMIT;",
				"START TRANSACTION; INSERT INTO a VALUES (5); CREATE TABLE c (n integer); INSERT INTO a VALUES (6); ROLLBACK; INSERT INTO r SELECT 'sum', SUM(n) FROM a;",
				"SET autocommit = 0; INSERT INTO a VALUES (5); ROLLBACK; INSERT INTO a VALUES (6); SET autocommit = 1; INSERT INTO r SELECT 'sum', SUM(n) FROM a;",
				"SET autocommit = 0; UPDATE a SET n = n + 1; INSERT INTO r SELECT 'rows', ROW_COUNT(); COMMIT;",
				"START TRANSACTION; INSERT INTO a VALUES (5); COMMIT AND CHAIN; INSERT INTO a VALUES (6); ROLLBACK; INSERT INTO r SELECT 'sum', SUM(n) FROM a;",
				"XA START 'meaning'; INSERT INTO a VALUES (7); XA END 'meaning'; XA PREPARE 'meaning'; XA COMMIT 'meaning'; INSERT INTO r SELECT 'sum', SUM(n) FROM a;",
				"HANDLER a OPEN; HANDLER a READ FIRST; HANDLER a READ NEXT; HANDLER a CLOSE; INSERT INTO r VALUES ('handler', 'closed');",
				"SET insert_id = 100; INSERT INTO k VALUES (NULL); INSERT INTO r SELECT 'forced', MAX(id) FROM k;",
				"FLUSH TABLES a WITH READ LOCK; SELECT COUNT(*) FROM a; UNLOCK TABLES; INSERT INTO r VALUES ('flushed', 1);",
				"FLUSH TABLES a FOR EXPORT; UNLOCK TABLES; INSERT INTO r VALUES ('exported', 1);",
				"SET ROLE NONE; INSERT INTO r SELECT 'role', CURRENT_ROLE(); SET sql_safe_updates = 1, foreign_key_checks = 0; INSERT INTO r SELECT 'safe', @@sql_safe_updates;")
			.filter((file) -> server == TestServer.MARIADB || !file.contains("EXECUTE IMMEDIATE"))
			.map((file) -> Arguments.of(server, MYSQL_SETUP.formatted("(" + isolation + ")"), file))
			.toList();
	}

	private static List<Arguments> postgres() {
		return Stream.of(
				"begin; set transaction isolation level repeatable read; insert into r select 'isolation', current_setting('transaction_isolation'); commit;",
				"begin; set transaction read only; select count(*) from a; commit; insert into r values ('after', 'read only');",
				"begin read only; select count(*) from a; end; insert into r values ('after', 'read only');",
				"begin; set transaction isolation level serializable, read only, deferrable; select count(*) from a; commit;",
				"start transaction isolation level serializable; insert into a values (4); insert into r select 'isolation', current_setting('transaction_isolation'); commit;",
				"begin; insert into a values (4); commit and chain; insert into a values (5); rollback; insert into r select 'sum', sum(n) from a;",
				"begin; insert into a values (4); savepoint s; insert into a values (5); rollback to s; release s; commit; insert into r select 'sum', sum(n) from a;",
				"begin; create temporary table x on commit drop as select sum(n) as n from a; insert into r select 'temporary', n from x; commit;",
				"begin; set local work_mem = '77MB'; insert into r select 'local', current_setting('work_mem'); commit; insert into r select 'after', (current_setting('work_mem') = '77MB')::text;",
				"create table p (id integer primary key); create table f (id integer references p deferrable initially deferred); begin; insert into f values (1); insert into p values (1); commit; insert into r select 'deferred', count(*) from f;",
				"begin; insert into r select 'one xid', (pg_current_xact_id() = pg_current_xact_id())::text; create table x as select pg_current_xact_id() as id; insert into r select 'same', (id = pg_current_xact_id())::text from x; commit;",
				"insert into k default values; insert into k default values; insert into r select 'key', lastval(); create table c (n integer); insert into r select 'key', currval('k_id_seq');",
				"begin; declare c cursor with hold for select n from a; fetch 1 from c; commit; fetch 1 from c; close c; insert into r values ('cursor', 'closed');",
				"begin; lock table a in access exclusive mode; insert into r select 'locks', count(*) from pg_locks where relation = 'a'::regclass and pid = pg_backend_pid(); commit;",
				"prepare s as insert into r values ('prepared', $1); execute s('x'); deallocate s;",
				"set default_transaction_read_only = on; select count(*) from a; set default_transaction_read_only = off; insert into r values ('after', 'read only');",
				"set session characteristics as transaction read only; select count(*) from a; set session characteristics as transaction read write; insert into r values ('after', 'read only');",
				"set session characteristics as transaction isolation level serializable; insert into r select 'isolation', current_setting('transaction_isolation');",
				"set search_path = pg_catalog; insert into public.r select 'path', current_schema(); set row_security = off; insert into public.r values ('security', 'off');",
				"begin; insert into a values (9); abort; insert into r select 'sum', sum(n) from a;",
				"insert into a values (4); rollback; insert into r select 'sum', sum(n) from a;")
			.map((file) -> Arguments.of(TestServer.POSTGRES_EMBEDDED, POSTGRES_SETUP, file))
			.toList();
	}

	private static List<Arguments> sqlite() {
		return Stream.of("update a set n = n + 1; insert into r select 'rows', changes();",
				"update a set n = n + 1; insert into r select 'rows', changes(); insert into r select 'again', changes();",
				"create table s as select total_changes() as n; update a set n = n + 1; create table c (n); delete from a; insert into r select 'total', total_changes() - n from s;",
				"insert into k values (null); insert into k values (null); insert into r select 'key', last_insert_rowid();",
				"update a set n = n + 1; create table c as select changes() as n; insert into r select 'ddl', n from c;",
				"begin; update a set n = n + 1; insert into r select 'rows', changes(); commit;",
				"begin immediate; update a set n = n + 1; savepoint s; delete from a; rollback to s; insert into r select 'sum', sum(n) from a; end;",
				"savepoint s; insert into a values (5); rollback to s; insert into a values (6); release s; insert into r select 'sum', sum(n) from a;",
				"savepoint s; update a set n = n + 1; insert into r select 'rows', changes(); release savepoint s;",
				"begin; insert into a values (5); rollback; insert into r select 'sum', sum(n) from a;",
				"create temporary table x as select sum(n) as n from a; insert into r select 'temporary', n from x;",
				"pragma query_only = on; select count(*) from a; pragma query_only = off; insert into r values ('after', 'read only');")
			.map((file) -> Arguments.of(TestServer.SQLITE, SQLITE_SETUP, file))
			.toList();
	}

	private static List<Arguments> h2() {
		return Stream.of(
				"SET AUTOCOMMIT FALSE; INSERT INTO a VALUES (5); ROLLBACK; INSERT INTO a VALUES (6); COMMIT; SET AUTOCOMMIT TRUE; INSERT INTO r SELECT 'sum', SUM(n) FROM a;",
				"SET @n = 5; INSERT INTO r VALUES ('variable', @n); SET @n = @n + 1; INSERT INTO r VALUES ('variable', @n);",
				"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE; INSERT INTO r SELECT 'isolation', ISOLATION_LEVEL FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = SESSION_ID();",
				"SET MODE PostgreSQL; INSERT INTO k DEFAULT VALUES; INSERT INTO k DEFAULT VALUES; INSERT INTO r SELECT 'key', LASTVAL(); SET MODE REGULAR;",
				"SET MODE LEGACY; INSERT INTO k DEFAULT VALUES; INSERT INTO r SELECT 'key', IDENTITY(); SET MODE REGULAR;",
				"CREATE SCHEMA app; SET SCHEMA app; CREATE TABLE t (n integer); INSERT INTO public.r SELECT 'schema', SCHEMA();",
				"CREATE LOCAL TEMPORARY TABLE x (n integer) ON COMMIT DELETE ROWS; INSERT INTO x VALUES (1); INSERT INTO r SELECT 'left', COUNT(*) FROM x;")
			.map((file) -> Arguments.of(TestServer.H2, H2_SETUP, file))
			.toList();
	}

	@ParameterizedTest
	@MethodSource("files")
	void withoutTransaction(TestServer server, String setup, String file) throws SQLException {
		new MigrationFolder(this.path).addWithoutTransaction("1_file.sql", file.replace("; ", ";\n"));
		assertSame(server, setup, file, MigratorSettings.defaults(Instance.current("same")));
	}

	static Stream<Arguments> filesOfTwo() {
		return Stream.of(mysql(TestServer.MARIADB), postgres()).flatMap(List::stream);
	}

	@ParameterizedTest
	@MethodSource("filesOfTwo")
	void withTimeLimitAndLease(TestServer server, String setup, String file) throws SQLException {
		new MigrationFolder(this.path).addWithoutTransaction("1_file.sql", file.replace("; ", ";\n"));
		MigratorSettings settings = MigratorSettings.defaults(Instance.current("same"))
			.withStatement(StatementSettings.defaults().withTimeout(Duration.ofMinutes(1)));
		assertSame(server, setup, file, settings.withLock(LockSettings.defaults().withStrategy(LockChoice.LEASE)));
	}

	static Stream<Arguments> ordinaryFiles() {
		// What MySQL refuses in a transaction dbmate cannot apply either.
		return files()
			.filter((arguments) -> arguments.get()[0] != TestServer.POSTGRES_EMBEDDED
					&& arguments.get()[0] != TestServer.SQLITE)
			.filter((arguments) -> !arguments.get()[2].toString().startsWith("SET TRANSACTION ISOLATION LEVEL READ")
					&& !arguments.get()[2].toString().contains("ON COMMIT DELETE ROWS"));
	}

	@ParameterizedTest
	@MethodSource("ordinaryFiles")
	void inAnOrdinaryFile(TestServer server, String setup, String file) throws SQLException {
		new MigrationFolder(this.path).add("1_file.sql", file.replace("; ", ";\n"));
		assertSame(server, setup, file, MigratorSettings.defaults(Instance.current("same")));
	}

	private void assertSame(TestServer server, String setup, String file, MigratorSettings settings)
			throws SQLException {
		List<String> expected;
		try (TestDatabase client = server.create()) {
			execute(client, setup + file);
			expected = effects(client);
		}
		try (TestDatabase database = server.create()) {
			execute(database, setup);
			new Migrator(new MigrationFolder(this.path).source(), database.connections(), settings).migrate();
			assertThat(effects(database)).as(file).isEqualTo(expected);
			assertThat(database.versions()).containsExactly("1");
		}
	}

	private static void execute(TestDatabase database, String script) throws SQLException {
		SqlSyntax syntax = switch (database.server()) {
			case POSTGRES, POSTGRES_EMBEDDED -> SqlSyntax.POSTGRESQL;
			case MYSQL, MARIADB -> SqlSyntax.MYSQL;
			case SQLITE -> SqlSyntax.SQLITE;
			case H2 -> SqlSyntax.H2;
		};
		// Otherwise MySQL's driver asks before each statement whether the session is
		// read-only.
		Map<String, String> properties = (database.server() == TestServer.MYSQL)
				? Map.of("readOnlyPropagatesToServer", "false") : Map.of();
		try (Connection connection = database.connect(properties)) {
			for (String sql : new SqlRules(syntax).statements(script)) {
				try (Statement statement = connection.createStatement()) {
					statement.setEscapeProcessing(false);
					statement.execute(sql);
				}
			}
		}
	}

	private static List<String> effects(TestDatabase database) {
		List<String> effects = database.jdbc()
			.query("SELECT what, n FROM r", (row, number) -> row.getString(1) + " = " + row.getString(2));
		effects.sort(null);
		database.jdbc()
			.queryForList("SELECT n FROM a ORDER BY n", Integer.class)
			.forEach((row) -> effects.add("a " + row));
		return effects;
	}

}
