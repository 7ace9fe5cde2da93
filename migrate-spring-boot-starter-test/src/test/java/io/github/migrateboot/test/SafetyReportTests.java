package io.github.migrateboot.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.script.ScriptParser;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SafetyReport} and how a project asks for it.
 */
class SafetyReportTests {

	private final List<TestDatabase> databases = new ArrayList<>();

	@TempDir
	private Path folder;

	@AfterEach
	void drop() {
		this.databases.forEach(TestDatabase::close);
	}

	private DataSource database() {
		TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
		this.databases.add(database);
		return database.dataSource();
	}

	private DatabaseMigrationChecks checks() {
		return MigrationChecks.of("file:" + this.folder).against(database());
	}

	private void write(String name, String up) throws IOException {
		Files.writeString(this.folder.resolve(name), "-- migrate:up\n" + up + "\n\n-- migrate:down\n");
	}

	@Test
	void tellsFileLineTableLockEffectAndTheSafeWay() throws IOException {
		write("1_orders.sql", "create table orders (id bigint primary key, note text);");
		write("2_index.sql", "-- looked up by support\ncreate index orders_note\n\ton orders (note);");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> checks().verifySafe())
			.withMessage(
					"""
							1 finding in 2 migrations that were measured:

							2_index.sql:3  index-build  on public.orders  (SHARE)
							  create index orders_note on orders (note)
							  Index orders_note is built under SHARE, and until that is committed nobody can write to orders.
							  Safe:
							    CREATE INDEX CONCURRENTLY orders_note ON public.orders USING btree (note); -- in a file with transaction:false
							  To accept it, write into the file:
							    -- migrate:allow index-build: <reason>""");
	}

	@Test
	void passesWhatHurtsNobody() throws IOException {
		write("1_orders.sql",
				"create table orders (id bigint primary key, note text);\ncreate index on orders (note);");
		write("2_more.sql", "alter table orders add column state varchar(20) not null default 'new';");
		SafetyReport report = checks().measure();
		assertThat(report.isSafe()).isTrue();
		assertThat(report).hasToString("0 findings in 2 migrations that were measured.");
		checks().verifySafe();
	}

	@Test
	void measuresOnlyWhatProductionHasNotAndKnowsWhatIsNewThere() throws IOException {
		write("1_orders.sql", "create table orders (id bigint primary key, note text);");
		write("2_index.sql", "create index orders_note on orders (note);");
		write("3_lines.sql", "create table lines (id bigint primary key, note text);");
		write("4_index.sql", "create index lines_note on lines (note);");
		assertThat(checks().measure().findings()).extracting((finding) -> finding.place().file())
			.containsExactly("2_index.sql", "4_index.sql");
		assertThat(checks().since("2").measure()).hasToString("0 findings in 2 migrations that were measured.");
		assertThat(checks().since("3").measure().findings()).extracting((finding) -> finding.place().file())
			.containsExactly("4_index.sql");
		assertThatIllegalArgumentException().isThrownBy(() -> checks().since("5")).withMessageContaining("5");
	}

	@Test
	void wantsAnEmptyDatabaseOfAKindThatItKnows() throws IOException {
		write("1_orders.sql", "create table orders (id bigint primary key);");
		DataSource used = database();
		new JdbcTemplate(used).execute("create schema s; create view s.one as select 1");
		assertThatIllegalStateException()
			.isThrownBy(() -> MigrationChecks.of("file:" + this.folder).against(used).verifySafe())
			.withMessageContainingAll("1 tables and views", "empty database of the test's own",
					"migrate.enabled=false");
		assertThat(new JdbcTemplate(used).queryForObject("select to_regclass('orders') is null", Boolean.class))
			.isTrue();
		DataSource h2 = new SimpleDriverDataSource(new org.h2.Driver(), "jdbc:h2:mem:");
		assertThatIllegalStateException()
			.isThrownBy(() -> MigrationChecks.of("file:" + this.folder).against(h2).verifySafe())
			.withMessageContainingAll("PostgreSQL", "h2");
	}

	@Test
	void acceptsWhatAFileAllowsForAReason() throws IOException {
		write("1_orders.sql", "create table orders (id bigint primary key, note text);");
		write("2_index.sql",
				"-- migrate:allow index-build: a hundred rows\ncreate index orders_note on orders (note);");
		write("3_index.sql", "create index orders_id on orders (id);");
		SafetyReport report = checks().measure();
		assertThat(report.accepted()).extracting((finding) -> finding.place().file()).containsExactly("2_index.sql");
		assertThat(report.findings()).extracting((finding) -> finding.place().file()).containsExactly("3_index.sql");
		assertThat(report.toString())
			.startsWith("1 finding in 3 migrations that were measured, and 1 more finding accepted by their files:\n");
		assertThat(checks().without(Hazard.INDEX_BUILD).measure().findings()).isEmpty();
	}

	@Test
	void tellsOfAllowancesThatAllowNothing() throws IOException {
		write("1_orders.sql", """
				-- migrate:allow index-build
				-- migrate:allow index: small
				-- migrate:allow rewrite: small
				-- migrate:allow copy: only MySQL copies
				create table orders (id bigint primary key, note text);""");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> checks().verifySafe())
			.withMessageContainingAll("1_orders.sql:2  migrate:allow\n  a reason is missing",
					"1_orders.sql:3  migrate:allow\n  'index' is no finding's id", "held-through",
					"1_orders.sql:4  migrate:allow\n  nothing of the kind 'rewrite'")
			.withMessageNotContaining("1_orders.sql:5");
	}

	@Test
	void tellsOnceWhatIsHeldAndWhere() throws IOException {
		write("1_orders.sql", "create table orders (id bigint primary key, note text, state text);");
		write("2_state.sql", """
				alter table orders add column kind text;
				update orders set kind = 'a';
				update orders set state = 'b';""");
		List<Finding> findings = checks().measure().findings();
		assertThat(findings).extracting(Finding::hazard).containsExactly(Hazard.HELD_THROUGH);
		assertThat(findings.get(0).place()).isEqualTo(new Finding.Place("2_state.sql", 3, 2));
		assertThat(findings.get(0).lock()).isEqualTo("ACCESS EXCLUSIVE");
	}

	@Test
	void failsWhereAMigrationFails() throws IOException {
		write("1_orders.sql", "create tabel orders (id bigint primary key);");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> checks().verifySafe())
			.withMessageContainingAll("1_orders.sql", "line 2", "syntax error");
	}

	@Test
	void leavesTheDatabaseAsTheStarterWould() throws IOException {
		write("1_orders.sql", "create table orders (id bigint primary key, note text);");
		Files.writeString(this.folder.resolve("2_outside.sql"), """
				-- migrate:up transaction:false
				set lock_timeout = '3s';
				create index concurrently orders_note on orders (note);
				begin;
				insert into orders select 1, current_setting('lock_timeout');
				commit;
				vacuum orders;
				-- migrate:down
				""");
		DataSource database = database();
		MigrationChecks.of("file:" + this.folder).against(database).verifySafe();
		JdbcTemplate jdbc = new JdbcTemplate(database);
		assertThat(jdbc.queryForList("select version from schema_migrations order by 1", String.class))
			.containsExactly("1", "2");
		assertThat(jdbc.queryForObject("select note from orders", String.class)).isEqualTo("3s");
	}

	@Test
	@SuppressWarnings("unchecked")
	void writesWhatThePlanReads() throws IOException {
		write("1_orders.sql", "create table orders (id bigint primary key, note text);");
		write("2_index.sql", "create index orders_note on orders (note);");
		write("3_drop.sql", "-- migrate:allow column-dropped: unused\nalter table orders drop column note;");
		checks().measure().writeFindings(this.folder.resolve("classes"));
		Map<String, Object> json = parse(this.folder.resolve("classes/META-INF/migrate/findings.json"));
		assertThat(json).containsOnlyKeys("version", "files").containsEntry("version", 1);
		List<Map<String, Object>> files = (List<Map<String, Object>>) json.get("files");
		assertThat(files).extracting((file) -> file.get("file"))
			.containsExactly("1_orders.sql", "2_index.sql", "3_drop.sql");
		assertThat(files.get(0).get("findings")).isEqualTo(List.of());
		assertThat(files.get(1)).containsEntry("checksum",
				ScriptParser.checksum(Files.readAllBytes(this.folder.resolve("2_index.sql"))));
		assertThat((List<Map<String, Object>>) files.get(1).get("findings")).singleElement()
			.asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
			.containsEntry("hazard", "index-build")
			.containsEntry("line", 2)
			.containsEntry("statement", 1)
			.containsEntry("table", "public.orders")
			.containsEntry("lock", "SHARE")
			.containsKeys("effect", "remedy");
		assertThat((List<Map<String, Object>>) files.get(2).get("findings")).singleElement()
			.asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
			.containsEntry("hazard", "column-dropped")
			.doesNotContainKey("lock");
	}

	@Test
	@SuppressWarnings("unchecked")
	void writesSarif() throws IOException {
		write("1_orders.sql", "create table orders (id bigint primary key, note text);");
		write("2_index.sql", "create index orders_note on orders (note);\n-- migrate:allow rewrite: none");
		write("3_drop.sql", "-- migrate:allow column-dropped: unused\nalter table orders drop column note;");
		Path file = this.folder.resolve("target/migrations.sarif");
		checks().measure().writeSarif(file, "src/main/resources/db/migrations");
		Map<String, Object> log = parse(file);
		SarifSchema.check(log);
		Map<String, Object> run = ((List<Map<String, Object>>) log.get("runs")).get(0);
		List<Map<String, Object>> results = (List<Map<String, Object>>) run.get("results");
		assertThat(results).extracting((result) -> result.get("ruleId"))
			.containsExactly("index-build", "column-dropped", "migrate-allow");
		assertThat(results).extracting((result) -> result.containsKey("suppressions"))
			.containsExactly(false, true, false);
		assertThat(results.get(0).toString()).contains("src/main/resources/db/migrations/2_index.sql",
				"CREATE INDEX CONCURRENTLY");
	}

	private static Map<String, Object> parse(Path file) throws IOException {
		return JsonParserFactory.getJsonParser().parseMap(Files.readString(file));
	}

}
