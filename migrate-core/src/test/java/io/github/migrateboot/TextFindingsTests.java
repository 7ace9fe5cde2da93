package io.github.migrateboot;

import java.nio.file.Path;
import java.util.List;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.plan.MigrationPlan;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What words and catalogue tell of statements, beside tables that exist: {@code t},
 * {@code parent}, {@code other}, and on PostgreSQL a view {@code mv}. Files of a case are
 * separated by {@code ⏎}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TextFindingsTests {

	@TempDir
	private Path path;

	private TestDatabase postgres;

	private TestDatabase mysql;

	@BeforeAll
	void create() {
		this.postgres = TestServer.POSTGRES_EMBEDDED.create();
		this.postgres.execute("create table parent (id int primary key, x int)", "create table other (id int not null)",
				"create table t (id int primary key, a int, b text, v varchar(10), parent_id int)", "create schema app",
				"create table app.\"Odd\" (id int)", "create materialized view mv as select id from t",
				"create unique index mvi on mv (id)", "create type mood as enum ('a', 'b')");
		this.mysql = TestServer.MARIADB.create();
		this.mysql.execute("create table parent (id int primary key)",
				"create table t (id int primary key, a int, b varchar(50), parent_id int)");
	}

	@AfterAll
	void drop() {
		this.postgres.close();
		this.mysql.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = {
	// @formatter:off
		"create index i on t(a)                                              | 1:index-build t",
		"create index i on app.\"Odd\"(id)                                   | 1:index-build app.\"Odd\"",
		"CREATE /* not concurrently */ UNIQUE INDEX IF NOT EXISTS i ON t(a)  | 1:index-build t",
		"create index concurrently i on t(a)                                 |",
		"create index i on only t(a)                                         |",
		"alter table t add constraint u unique(b)                            | 1:index-build t",
		"alter table t add constraint u unique using index ui                |",
		"alter table other add primary key(id)                               | 1:index-build other",
		"alter table t add column z int unique                               | 1:index-build t",
		"alter table t add constraint ex exclude using btree(b with =)       | 1:index-build t",
		"reindex table t                                                     | 1:index-build t",
		"reindex table concurrently t                                        |",
		"alter table t add constraint fk foreign key(parent_id) references parent            | 1:scan-under-lock t",
		"alter table t add foreign key(parent_id) references parent                          | 1:scan-under-lock t",
		"alter table t add constraint fk foreign key(parent_id) references parent not valid ⏎ alter table t validate constraint fk |",
		"alter table t add constraint ck check(a>=0)                         | 1:scan-under-lock t",
		"alter table t add constraint ck check(a>=0) not valid ⏎ alter table t validate constraint ck |",
		"alter table t alter a set not null                                  | 1:scan-under-lock t",
		"alter table t alter column a set not null, alter column b set not null | 1:scan-under-lock t, 1:scan-under-lock t",
		"alter table t add constraint nn check(a is not null) not valid ⏎ alter table t validate constraint nn ⏎ alter table t alter a set not null; alter table t drop constraint nn |",
		"alter table t add column z uuid default gen_random_uuid()           | 1:rewrite t",
		"alter table t add column z uuid; alter table t alter z set default gen_random_uuid() |",
		"alter table t add column z timestamptz not null default now()       |",
		"alter table t add column z bigserial                                | 1:rewrite t",
		"alter table t add column z int generated always as (a+1) stored     | 1:rewrite t",
		"alter table t add column z int generated always as identity         |",
		"alter table t add column z int not null                             | 1:not-null-without-default t",
		"alter table t alter a type bigint                                   | 1:rewrite t",
		"alter table t alter column a set data type bigint using a::bigint   | 1:rewrite t",
		"alter table t alter v type text                                     |",
		"alter table t alter v type varchar                                  |",
		"alter table t alter v type varchar(5)                               | 1:rewrite t",
		"vacuum full t                                                       | 1:rewrite t",
		"vacuum (full, analyze) t, parent                                    | 1:rewrite t, 1:rewrite parent",
		"vacuum t                                                            |",
		"cluster t using t_pkey                                              | 1:rewrite t",
		"alter table t set unlogged                                          | 1:rewrite t",
		"alter table t set (fillfactor=80)                                   |",
		"refresh materialized view mv                                        | 1:rewrite mv",
		"refresh materialized view concurrently mv                           |",
		"truncate t, parent                                                  | 1:truncate t, 1:truncate parent",
		"create table nt(x int); truncate nt                                 |",
		"drop table if exists t, parent cascade                              | 1:table-dropped t, 1:table-dropped parent",
		"drop table nowhere                                                  |",
		"alter table t drop column b                                         | 1:column-dropped t",
		"alter table t drop b                                                | 1:column-dropped t",
		"alter table t drop constraint t_pkey                                |",
		"alter table t alter a drop default, alter a drop not null           |",
		"alter table t rename column a to a2                                 | 1:column-renamed t",
		"alter table t rename a to a2                                        | 1:column-renamed t",
		"alter table t rename to t2                                          | 1:table-renamed t",
		"alter table t set schema app                                        | 1:table-renamed t",
		"alter table t rename constraint t_pkey to p                         |",
		"create table nt(id bigserial primary key,b text not null,t_id bigint); create index on nt(t_id); alter table nt add unique(b); alter table nt alter t_id type int |",
		"create table nt(id bigint,b text) ⏎ create index on nt(b); alter table nt alter id type int; alter table nt alter b set not null |",
		"drop table t; create table t (id int, a int); create index i on t(a); alter table t alter a set not null | 1:table-dropped t",
		"create temp table tt as select id from t; create index on tt(id); drop table tt |",
		"create table t2 (id int); insert into t2 select id from t; drop table t; alter table t2 rename to t | ",
		"create trigger tr before insert on t for each row execute function tf() |",
		"update t set a=1 where id=1; insert into other values(9)            |",
		"create or replace view vv as select id from t                       |",
		"comment on table t is 'drop table t'; grant select on t to svc      |",
		"select 'truncate t' -- drop table t                                 |",
	// @formatter:on
	})
	void onPostgreSql(String files, String expected) {
		assertThat(found(this.postgres, files)).isEqualTo((expected != null) ? expected : "");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = {
	// @formatter:off
		"alter table t add constraint ck check (a > 0)                        | 1:copy t",
		"alter table t add foreign key (parent_id) references parent(id)      | 1:copy t",
		"set foreign_key_checks=0; alter table t add foreign key (parent_id) references parent(id) |",
		"alter table t add column z int as (a + 1) stored                     | 1:copy t",
		"alter table t add column z int as (a + 1) virtual                    |",
		"alter table t convert to character set latin1                        | 1:copy t",
		"alter table t convert to character set latin1, lock=none             |",
		"alter table t order by a                                             | 1:copy t",
		"alter table t add fulltext index f(b)                                | 1:copy t",
		"create fulltext index f on t(b)                                      | 1:copy t",
		"create index i on t(a)                                               |",
		"alter table `t` add index i (a)                                      |",
		"alter table t partition by hash(id) partitions 4                     | 1:copy t",
		"alter table t drop primary key                                       | 1:copy t",
		"alter table t drop primary key, add primary key (id, a)              |",
		"alter table t modify a bigint                                        |",
		"alter table t change a a2 int                                        | 1:column-renamed t",
		"alter table t change a a int                                         |",
		"alter table t drop index i, drop foreign key fk                      |",
		"alter table t drop column a, add column z int not null               | 1:column-dropped t, 1:not-null-without-default t",
		"alter table t add column z int first                                 |",
		"optimize table t, parent                                             | 1:rewrite t, 1:rewrite parent",
		"optimize local table t                                               | 1:rewrite t",
		"rename table t to t2                                                 | 1:table-renamed t",
		"truncate table t                                                     | 1:truncate t",
		"drop table t                                                         | 1:table-dropped t",
	// @formatter:on
	})
	void onMariaDb(String files, String expected) {
		assertThat(found(this.mysql, files)).isEqualTo((expected != null) ? expected : "");
	}

	@ParameterizedTest
	@EnumSource(names = { "SQLITE", "H2", "MYSQL" })
	void whatTheReleaseBeforeUsesOnEveryDatabase(TestServer server) {
		try (TestDatabase database = server.create()) {
			database.execute("create table t (id int primary key, a int)");
			assertThat(found(database, "alter table t drop column a")).isEqualToIgnoringCase("1:column-dropped t");
			assertThat(found(database, "drop table T"))
				.isEqualToIgnoringCase((server == TestServer.MYSQL) ? "" : "1:table-dropped t");
			assertThat(found(database, "create table n (a int); drop table n")).isEmpty();
		}
	}

	@Test
	void whatIsInTheWayIsNamedWithTheSafeWay() {
		assertThat(remedies("alter table t alter column a set not null")).containsExactly("""
				alter table t add constraint a_not_null check (a is not null) not valid;
				-- in a file of its own, after that
				alter table t validate constraint a_not_null;
				-- in a file of its own, after that
				alter table t alter column a set not null;
				alter table t drop constraint a_not_null;""");
		assertThat(remedies("ALTER TABLE app.\"Odd\" ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES parent (id)"))
			.containsExactly("""
					alter table app."Odd" ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES parent (id) not valid;
					-- in a file of its own, after that
					alter table app."Odd" validate constraint fk;""");
		assertThat(remedies("CREATE UNIQUE INDEX i ON t (lower(b), a) WHERE a > 0")).containsExactly("""
				-- in a file of its own
				-- migrate:up transaction:false
				CREATE UNIQUE INDEX CONCURRENTLY i ON t (lower (b), a) WHERE a > 0;""");
	}

	private List<String> remedies(String sql) {
		return plan(this.postgres, sql).findings().map((planned) -> planned.finding().remedy()).toList();
	}

	private String found(TestDatabase database, String files) {
		return String.join(", ", plan(database, files).findings()
			.map((planned) -> planned.finding().place().file().charAt(0) + ":" + planned.finding().hazard().id() + " "
					+ planned.finding().table().replaceFirst("^(public|PUBLIC|" + database.name() + ")\\.", ""))
			.toList());
	}

	private MigrationPlan plan(TestDatabase database, String files) {
		MigrationFolder folder = new MigrationFolder(this.path);
		String[] all = files.split("⏎");
		for (int i = 0; i < 3; i++) {
			folder.add((i + 1) + "_file.sql", (i < all.length) ? all[i].strip() + ";" : "");
		}
		return new Migrator(folder.source(), database.connections(),
				MigratorSettings.defaults(Instance.current("tests")))
			.plan(List.of());
	}

}
