package io.github.migrateboot.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link DatabaseMigrationChecks} on SQLite.
 */
class SqliteMigrationChecksTests extends DatabaseMigrationChecksTests {

	@TempDir
	private Path databases;

	@Override
	DataSource database() throws IOException {
		return new DriverManagerDataSource("jdbc:sqlite:" + Files.createTempFile(this.databases, "checks", ".db"));
	}

	@Test
	void acceptsATableThatIsBuiltAnew() throws IOException {
		write("1_first", "create table first (id integer primary key, note text, n int check (n > 0));",
				"drop table first;");
		write("2_anew", """
				create table anew (id integer primary key, note text not null default '', n int check (n > 0));
				insert into anew select * from first;
				drop table first;
				alter table anew rename to first;""", """
				create table anew (id integer primary key, note text, n int CHECK (n>0));
				insert into anew select * from first;
				drop table first;
				alter table anew rename to first;""");
		verify(database());
	}

	@Test
	void tellsWhatATriggerWasLike() throws IOException {
		write("1_first", """
				create table first (id int);
				create trigger t after insert on first begin select 1; end;""", "drop table first;");
		write("2_second", "drop trigger t;", "create trigger t after insert on first begin select 2; end;");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> verify(database()))
			.withMessageContainingAll("missing: trigger t on first", "select 1", "too much: trigger t on first",
					"select 2");
	}

	@Test
	void otherDatabasesAreRefused() throws IOException {
		write("1_first", "create table first (id int);", "drop table first;");
		assertThatIllegalStateException().isThrownBy(() -> verify(new DriverManagerDataSource("jdbc:h2:mem:")))
			.withMessageContaining("PostgreSQL and SQLite");
	}

}
