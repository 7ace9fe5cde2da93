package io.github.migrateboot.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that each kind of statement of the databases' manuals ends where it ends: it is
 * followed by a sentinel, and there are two.
 */
class ManualStatementTests {

	private static final String SENTINEL = "select 'sentinel'";

	private static final int SYNTAX_ERROR = 1064;

	/** Whatever stands as the body of a stored program, without a DELIMITER. */
	private static final List<String> STORED_PROGRAMS = List.of("create procedure p() %s",
			"create procedure p(a int) comment ';' no sql not deterministic sql security invoker %s",
			"create trigger t before insert on x for each row %s", "create event e on schedule every 1 day do %s",
			"create procedure p() begin declare exit handler for not found, sqlstate value '45000', 1051 %1$s; %1$s; end",
			"create procedure p() l: begin if 1 then %1$s; else %1$s; end if; case a when 1 then %1$s; end case; end l",
			"create procedure p() l: loop while 1 do %1$s; end while; repeat %1$s; until if(1, 2, 3) end repeat; end loop",
			"/*!50003 create*/ /*!50017 definer=`a`@`b`*/ /*!50003 procedure p() %s */");

	private static final List<String> MARIADB_PROGRAMS = List.of("begin not atomic %1$s; %1$s; end",
			"for i in 1..2 do %1$s; end for", "set statement lock_wait_timeout = 5 for %s",
			"set statement lock_wait_timeout = if(1, (select 2 for update), 3) for begin not atomic %s; end",
			"declare a int; begin %1$s; exception when others then %1$s; end",
			"begin <<l>> loop %1$s; end loop; %1$s; end",
			"create procedure p as a int; begin <<l>> while 1 loop %1$s; end loop; begin %1$s; end; end",
			"create trigger t before insert on x for each row declare a int; begin %1$s; end",
			"create package body p procedure q() %1$s; procedure r() l: begin %1$s; end; end");

	@ParameterizedTest
	@CsvSource({ "mysql, MYSQL", "mariadb, MYSQL", "postgresql, POSTGRESQL" })
	void statementsEnd(String manual, SqlSyntax syntax) {
		for (String statement : statements(manual)) {
			assertTwo(syntax, statement);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "mysql", "mariadb" })
	void storedProgramsOfOneStatementEnd(String manual) {
		for (String statement : statements(manual)) {
			STORED_PROGRAMS.forEach((program) -> assertTwo(SqlSyntax.MYSQL, program.formatted(statement)));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = "mariadb")
	void compoundStatementsEnd(String manual) {
		for (String statement : statements(manual)) {
			MARIADB_PROGRAMS.forEach((program) -> assertTwo(SqlSyntax.MYSQL, program.formatted(statement)));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = "postgresql")
	void statementsEndWhereTheDriverEndsThem(String manual) throws SQLException {
		for (String statement : statements(manual)) {
			if (statement.contains("BEGIN ATOMIC")) {
				// The driver ends the body with the first END, a CASE's too.
				continue;
			}
			String script = statement + "\n; " + SENTINEL;
			List<NativeQuery> queries = Parser.parseJdbcSql(script, true, false, true, false, false);
			assertThat(SqlSyntax.POSTGRESQL.split(script)).as(script).hasSameSizeAs(queries);
		}
	}

	/**
	 * The server cuts by its grammar, so it decides whether the list is right. As the
	 * body of a procedure nothing is executed.
	 */
	@ParameterizedTest
	@CsvSource({ "mysql, MYSQL", "mariadb, MARIADB" })
	void procedureOfOneStatementEndsWhereTheServerEndsIt(String manual, TestServer server) throws SQLException {
		try (TestDatabase database = server.create();
				Connection severalAtOnce = DriverManager.getConnection(
						database.url() + (database.url().contains("?") ? "&" : "?") + "allowMultiQueries=true",
						database.user(), database.password());
				Connection oneByOne = database.connect()) {
			for (String statement : statements(manual)) {
				String script = "create procedure p() " + statement + "\n; " + SENTINEL;
				String whole = outcome(severalAtOnce, List.of(script));
				database.execute("drop procedure if exists p");
				assertThat(whole).as(script).doesNotContain("error " + SYNTAX_ERROR);
				assertThat(outcome(oneByOne, new SqlRules(SqlSyntax.MYSQL).statements(script))).as(script)
					.isEqualTo(whole);
				database.execute("drop procedure if exists p");
			}
		}
	}

	private static String outcome(Connection connection, List<String> statements) {
		List<String> outcome = new ArrayList<>();
		try (Statement execution = connection.createStatement()) {
			for (String statement : statements) {
				boolean rows = execution.execute(statement);
				while (rows || execution.getUpdateCount() >= 0) {
					if (rows) {
						try (ResultSet row = execution.getResultSet()) {
							row.next();
							outcome.add(row.getString(1));
						}
					}
					rows = execution.getMoreResults();
				}
			}
		}
		catch (SQLException ex) {
			outcome.add("error " + ex.getErrorCode());
		}
		return outcome.toString();
	}

	private static void assertTwo(SqlSyntax syntax, String statement) {
		// A comment may end with the line.
		String script = statement + "\n; " + SENTINEL;
		assertThat(syntax.split(script)).as(script)
			.extracting((piece) -> script.substring(piece.start(), piece.end()))
			.satisfiesExactly((first) -> assertThat(statement).startsWith(first),
					(second) -> assertThat(second).isEqualTo(SENTINEL));
	}

	private static List<String> statements(String manual) {
		try {
			return new ClassPathResource("statements/" + manual + ".txt").getContentAsString(StandardCharsets.UTF_8)
				.lines()
				.filter((line) -> !line.startsWith("#"))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
