package io.github.migrateboot.test;

import java.io.IOException;

import javax.sql.DataSource;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DatabaseMigrationChecks} on PostgreSQL.
 */
class PostgresMigrationChecksTests extends DatabaseMigrationChecksTests {

	private static EmbeddedPostgres server;

	private static int databases;

	@BeforeAll
	static void start() {
		try {
			server = EmbeddedPostgres.start();
		}
		catch (IOException | RuntimeException ex) {
			String message = "Embedded PostgreSQL does not start here: " + ex;
			if (Boolean.parseBoolean(System.getenv("MIGRATE_TEST_REQUIRE_ALL_SERVERS"))) {
				throw new AssertionError(message, ex);
			}
			throw new TestAbortedException(message, ex);
		}
	}

	@AfterAll
	static void stop() throws IOException {
		if (server != null) {
			server.close();
		}
	}

	@Override
	DataSource database() {
		String name = "checks_" + (++databases);
		new JdbcTemplate(server.getPostgresDatabase()).execute("create database " + name);
		return server.getDatabase("postgres", name);
	}

	@Test
	void acceptsWhateverPostgresHas() throws IOException {
		write("1_much", """
				create schema shop;
				create extension pg_trgm;
				create type shop.state as enum ('open', 'done');
				create domain shop.email as text check (value like '%@%');
				create sequence shop.numbers increment by 10;
				create table shop.orders (
					id bigint generated always as identity,
					state shop.state not null default 'open',
					email shop.email collate "C",
					total numeric(10, 2) check (total >= 0),
					twice numeric generated always as (total * 2) stored,
					unique (id, state)
				) partition by list (state);
				create table shop.open_orders partition of shop.orders for values in ('open');""",
				"drop schema shop cascade;\ndrop extension pg_trgm;");
		write("2_more", """
				create table plain (id int primary key, n int);
				create index by_n on plain (n) where n > 0;
				create materialized view numbers as select n from plain;
				create function one() returns int language sql begin atomic select 1; end;
				create function touch() returns trigger language plpgsql as $$ begin return new; end; $$;
				create trigger touched before update on plain for each row execute function touch();
				create rule nothing as on delete to plain do instead nothing;
				alter table plain enable row level security;
				create policy mine on plain for select using (n = 1);
				comment on column plain.n is 'a number';""", """
				drop materialized view numbers;
				drop table plain;
				drop function touch(), one();""");
		write("3_labels", "alter type shop.state rename to status;", "alter type shop.status rename to state;");
		verify(database());
	}

	@Test
	void tellsWhatEachOfThemWasLike() throws IOException {
		write("1_much", """
				create type state as enum ('open', 'done');
				create function one() returns int language sql as 'select 1';
				create table plain (id int primary key, n int default 1);
				create policy mine on plain using (n = 1);
				comment on column plain.n is 'a number';
				create sequence numbers;""", "select 1;");
		write("2_changes", "select 1;", """
				alter type state add value 'late';
				create or replace function one() returns int language sql as 'select 2';
				alter table plain alter n drop default;
				alter policy mine on plain using (n = 2);
				comment on column plain.n is 'another';
				alter sequence numbers increment by 5;""");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> verify(database(), "1"))
			.withMessageContainingAll("2_changes.sql], line 5", "missing: type state enum 'open', 'done'",
					"too much: type state enum 'open', 'done', 'late'", "select 1", "select 2",
					"missing: column plain.n integer default 1", "too much: column plain.n integer\n", "(n = 1)",
					"(n = 2)", "'a number'", "'another'", "by 1 in", "by 5 in");
	}

}
