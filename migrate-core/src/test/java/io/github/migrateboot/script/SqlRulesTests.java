package io.github.migrateboot.script;

import java.util.List;
import java.util.stream.Stream;

import io.github.migrateboot.script.SqlStatement.Kind;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;

/**
 * Tests for {@link SqlRules}: what hangs on the server's version and on the session's
 * mode.
 */
class SqlRulesTests {

	private static final String MYSQL = "8.4.3";

	private static final String MARIADB = "11.4.5-MariaDB-log";

	@ParameterizedTest
	@CsvSource(quoteCharacter = '|', textBlock = """
			/*!999999 it's */,           false, false
			/*!99999 it's */,            false, false
			/*!90000 it's */,            false, false
			/*M!999999\\- it's */,       false, false
			/*!120000 it's */,           false, false
			/*!999999 /* nested */ it's */, false, false
			/*!80403 ';' */,             true,  false
			/*!80404 it's; */,           false, false
			/*!080403 ';' */,            true,  false
			/*!50700 '*/' */,            true,  false
			/*!50699 '*/' */,            true,  true
			/*!40101 '*/' */,            true,  true
			/*! '*/' */,                 true,  true
			/*!4010 '*/' */,             true,  true
			/*!110405 '*/' */,           false, true
			/*!110406 it's */,           false, false
			/*M! '*/' */,                false, true
			/*M!50700 '*/' */,           false, true
			/*M!100600 '*/' */,          false, true
			/*M!110406 it's */,          false, false
			""")
	void executableCommentIsSqlOnlyWhereItIsExecuted(String comment, boolean inMysql, boolean inMariaDb) {
		assertExecuted(comment, MYSQL, inMysql);
		assertExecuted(comment, MARIADB, inMariaDb);
		assertExecuted(comment, "5.5.5-10.11.9-MariaDB", inMariaDb && !comment.contains("110405"));
	}

	private static void assertExecuted(String comment, String version, boolean executed) {
		SqlRules rules = new SqlRules(SqlSyntax.MYSQL, version, "", "");
		Lexer lexer = rules.lexer(comment);
		assertThat(lexer.next()).isTrue();
		assertThat(lexer.type()).as("%s on %s", comment, version)
			.isEqualTo(executed ? Lexer.Type.MARKER : Lexer.Type.COMMENT);
		if (!comment.contains("'*/'") || executed) {
			String script = comment + "select 1; select 2";
			assertThat(rules.statements(script)).as("%s on %s", comment, version)
				.containsExactly((executed ? comment : "") + "select 1", "select 2");
		}
	}

	@Test
	void commentThatIsNotExecutedEndsNoStatementAndBeginsNone() {
		SqlRules rules = new SqlRules(SqlSyntax.MYSQL, MARIADB, "", "");
		assertThat(rules.statements("""
				/*M!999999\\- enable the sandbox mode */
				create table a(x int) /*!999999 it's */;
				create procedure p() /*!80000 begin */ select 1;
				/*!999999 begin; */;
				create procedure p() begin /*!999999 end */ select 1; /*!40101 end */; select 2""")).containsExactly(
				"create table a(x int)", "create procedure p() /*!80000 begin */ select 1",
				"create procedure p() begin /*!999999 end */ select 1; /*!40101 end */", "select 2");
	}

	@ParameterizedTest
	@MethodSource("modes")
	void modeDecidesWhatEndsAString(String marked) {
		assertSplit(new SqlRules(SqlSyntax.MYSQL, MARIADB, "", "NO_BACKSLASH_ESCAPES"), marked);
		assertSplit(new SqlRules(SqlSyntax.MYSQL, MYSQL, "STRICT_TRANS_TABLES", "NO_BACKSLASH_ESCAPES"), marked);
	}

	static Stream<Named<String>> modes() {
		return Stream.of(named("off and on", """
				«select '\\';'»;
				«set sql_mode = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES'»;
				«select '\\'»; «select 'it''s\\'»; «select "\\"»; «select `\\`»;
				«set sql_mode = ''»;
				«select '\\';'»;
				"""), named("what quotes a name", """
				«select "\\";"»;
				«set sql_mode = ANSI_QUOTES»;
				«select 1 as "\\"»; «select '\\';'»;
				«SET SQL_MODE=DEFAULT»;
				«select '\\', "\\"»;
				«select 1»;
				"""), named("modes that contain others", """
				«set sql_mode = 'ANSI'»;
				«select 1 as "\\"»;
				«set sql_mode = 'oracle,no_backslash_escapes'»;
				«select 1 as "\\"»; «select '\\'»;
				«set sql_mode = 262144»;
				«select 1 as "\\"»; «select '\\';'»;
				«set sql_mode = 1048576»;
				«select '\\'»;
				«set sql_mode = TRADITIONAL»;
				«select '\\';'»;
				"""),
				named("every way to name it",
						"""
								«set @@sql_mode := 'NO_BACKSLASH_ESCAPES'»; «select '\\'»; «set session sql_mode = ''»; «select '\\';'»;
								«set @@session.sql_mode='NO_BACKSLASH_ESCAPES'»; «select '\\'»; «set local sql_mode=''»; «select '\\';'»;
								«set names utf8mb4, @@local.`sql_mode` = 'NO_BACKSLASH_ESCAPES', @a = 1»; «select '\\'»;
								«/*!40101 SET @@sql_mode = '' */»; «select '\\';'»;
								«/*!99999 SET sql_mode = 'NO_BACKSLASH_ESCAPES' */ select '\\';'»;
								"""
							.replace("«/*!99999 SET sql_mode = 'NO_BACKSLASH_ESCAPES' */ select",
									"/*!99999 SET sql_mode = 'NO_BACKSLASH_ESCAPES' */ «select")),
				named("what was kept", """
						«/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_BACKSLASH_ESCAPES' */»;
						«select '\\'»;
						«/*!40101 SET SQL_MODE=@OLD_SQL_MODE */»;
						«select '\\';'»;
						«set @m = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES'), sql_mode = @m»;
						«select '\\'»;
						«set sql_mode = @kept_elsewhere»;
						«select '\\';'»;
						"""),
				named("what is added and removed",
						"""
								«set sql_mode = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES')»; «select '\\'»;
								«set sql_mode = concat_ws(',', @@session.sql_mode, 'ANSI_QUOTES')»; «select '\\', "\\"»;
								«set sql_mode = (select replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', ''))»; «select '\\';', "\\"»;
								«set sql_mode = sys.list_add(@@sql_mode, 'NO_BACKSLASH_ESCAPES')»; «select '\\'»;
								«set sql_mode = sys.list_drop(@@sql_mode, 'NO_BACKSLASH_ESCAPES')»; «select '\\';'»;
								"""),
				named("what is not this session's",
						"""
								«set global max_connections = 100, sql_mode = ''»; «select '\\';'»;
								«set @@global.sql_mode = 'NO_BACKSLASH_ESCAPES', @sql_mode = 'NO_BACKSLASH_ESCAPES'»; «select '\\';'»;
								«set statement sql_mode = 'NO_BACKSLASH_ESCAPES' for select '\\';'»;
								«set @x = 'sql_mode = NO_BACKSLASH_ESCAPES'»; «select '\\';'»;
								«set sql_mode = @@global.sql_mode»; «select '\\'»;
								«set persist sql_mode = ''»; «set sql_mode = default»; «select '\\';'»;
								"""),
				named("in a stored program", """
						«create procedure p() set sql_mode = 'NO_BACKSLASH_ESCAPES'»;
						«create procedure p() begin set sql_mode = 'NO_BACKSLASH_ESCAPES'; select '\\';'; end»;
						«select '\\';'»;
						"""));
	}

	@ParameterizedTest
	@CsvSource({ "NO_BACKSLASH_ESCAPES, true", "'ONLY_FULL_GROUP_BY,NO_BACKSLASH_ESCAPES', true",
			"STRICT_TRANS_TABLES, false" })
	void modeOfTheServerHoldsFromTheBeginning(String mode, boolean one) {
		List<String> statements = new SqlRules(SqlSyntax.MYSQL, MYSQL, mode, mode)
			.statements("select '\\'; select '';");
		assertThat(statements).hasSize(one ? 2 : 1);
	}

	@Test
	void modeThatAFileSetsHoldsInItsNextSection() {
		Script script = new ScriptParser(new SqlRules(SqlSyntax.MYSQL, MARIADB, "", "")).parse(TestFile.of("""
				-- migrate:up
				set sql_mode = 'NO_BACKSLASH_ESCAPES';
				-- migrate:down
				-- migrate:up
				select '\\'; select '';
				-- migrate:down
				"""));
		assertThat(script.sections().get(1).statements()).extracting(SqlStatement::text)
			.containsExactly("select '\\'", "select ''");
		assertThat(script.warnings()).isEmpty();
	}

	@Test
	void modeThatAFileSetsDoesNotHoldInTheNextFile() {
		ScriptParser parser = new ScriptParser(new SqlRules(SqlSyntax.MYSQL, MARIADB, "", ""));
		parser.parse(TestFile.of("-- migrate:up\nset sql_mode = 'NO_BACKSLASH_ESCAPES';\n-- migrate:down\n"));
		Script next = parser.parse(TestFile.of("-- migrate:up\nselect '\\'; select '';\n-- migrate:down\n"));
		assertThat(next.sections().get(0).statements()).hasSize(1);
	}

	@Test
	void blockOfOraclesModeIsNoTransaction() {
		Script script = new ScriptParser(new SqlRules(SqlSyntax.MYSQL, MARIADB, "", "")).parse(TestFile.of("""
				-- migrate:up
				begin select 1; end;
				begin
				/* work */ work;
				begin;
				declare a int; begin select 1; end;
				-- migrate:down
				"""));
		assertThat(script.sections().get(0).statements()).extracting(SqlStatement::kind)
			.containsExactly(Kind.ORDINARY, Kind.TRANSACTION_CONTROL, Kind.TRANSACTION_CONTROL, Kind.ORDINARY);
	}

	@Test
	void bracketsOfMariaDbQuoteInOneModeOnly() {
		assertSplit(new SqlRules(SqlSyntax.MYSQL, MARIADB, "PIPES_AS_CONCAT,ANSI_QUOTES,MSSQL", ""), """
				«select 1 as [a;]]'b], "\\"»;
				«set sql_mode = 99999999999999999999»; «select '['»; «select ']'»;
				«set sql_mode = 1024»; «select [;]»; «create procedure [;]() begin select [;]; end»;
				«set sql_mode = ORACLE»; «select '[' as "\\"»; «select ']'»;
				""");
	}

	@Test
	void bracketsOfH2QuoteInOneModeOnly() {
		assertSplit(new SqlRules(SqlSyntax.H2, "2.4.240", "MSSQLServer", ""), """
				«create table [t;x] (["it's] int)»;
				«select [a
				;]»; «select [a]]»; «select '[' as [b]»; -- [
				«set mode regular»;
				«select array['a]', 'b;'][1]»;
				""");
		assertSplit(new SqlRules(SqlSyntax.H2, "2.4.240", "REGULAR", ""), """
				«select array['a]', 'b;'][1]»;
				«SET MODE = "MSSQLServer"»;
				«select [;]»;
				«set mode MySQL»; «select 1 as `[`»; «select 2»;
				«set mode mssqlserver»; «set schema [a;mode]»; «select [;]»;
				""");
	}

	private static void assertSplit(SqlRules rules, String marked) {
		MarkedScript script = MarkedScript.of(marked);
		assertThat(rules.statements(script.text())).containsExactlyElementsOf(script.statements());
	}

}
