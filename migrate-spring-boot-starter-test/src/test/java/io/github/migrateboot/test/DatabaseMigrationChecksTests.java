package io.github.migrateboot.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link DatabaseMigrationChecks} on every database whose schema can be read.
 */
abstract class DatabaseMigrationChecksTests {

	@TempDir
	private Path folder;

	/**
	 * Return an empty database.
	 */
	abstract DataSource database() throws IOException;

	@Test
	void acceptsDownsThatUndoTheirUps() throws IOException {
		write("1_parent", "create table parent (id int primary key, name varchar(20) not null);", "drop table parent;");
		write("2_child", """
				create table child (id int primary key, parent int references parent (id), n int check (n > 0));
				create index child_parent on child (parent);
				create view grown as select id from child where n > 17;""", """
				drop view grown;
				drop table child;""");
		write("3_column", "alter table parent add column note varchar(10);", "alter table parent drop column note;");
		write("4_dropped", "alter table parent drop column name;",
				"alter table parent add column name varchar(20) not null default '';\n");
		DataSource database = database();
		verify(database, "4");
		assertThat(new JdbcTemplate(database).queryForList("select version from schema_migrations order by 1",
				String.class))
			.containsExactly("1", "2", "3", "4");
	}

	@Test
	void tellsWhatADownForgets() throws IOException {
		write("1_first", "create table first (id int);", "drop table first;");
		write("2_second", "create table second (id int);\ncreate index by_id on first (id);", "drop table second;");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> verify(database()))
			.withMessageContainingAll("2_second.sql], line 6: The down block does not undo the up block:", "too much:",
					"by_id")
			.withMessageNotContaining("missing:");
	}

	@Test
	void tellsWhatADownTakesAwayBesides() throws IOException {
		write("1_first", "create table first (id int, note varchar(10));", "drop table first;");
		write("2_second", "create table second (id int);", "drop table second;\nalter table first drop column note;");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> verify(database()))
			.withMessageContainingAll("2_second.sql], line 5:", "missing: column", "note")
			.withMessageNotContaining("too much:");
	}

	@Test
	void tellsWhatAColumnWasLike() throws IOException {
		write("1_first", "create table first (id int, note varchar(10) not null);", "drop table first;");
		write("2_second", "alter table first drop column note;", "alter table first add column note varchar(12);");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> verify(database()))
			.withMessageContainingAll("2_second.sql], line 5:", "missing: column", "too much: column");
	}

	@Test
	void tellsThatACheckIsGone() throws IOException {
		write("1_first", "create table first (id int check (id > 0));", "drop table first;");
		write("2_second", "drop table first;", "create table first (id int);");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> verify(database()))
			.withMessageContainingAll("2_second.sql], line 5:", "missing: constraint", "0")
			.withMessageNotContaining("too much:");
	}

	@Test
	void tellsWhichStatementOfADownFails() throws IOException {
		write("1_first", "create table first (id int);", "-- a comment\ndrop table first;\ndrop table nowhere;");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> verify(database()))
			.withMessageContainingAll("The rollback of 1_first.sql failed at statement 2 of 2, line 7 of",
					"drop table nowhere");
	}

	@Test
	void tellsWhichUpFails() throws IOException {
		write("1_first", "create tabel first (id int);", "drop table first;");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> verify(database()))
			.withMessageContainingAll("1_first.sql", "line 2");
	}

	@Test
	void wantsADownThatIsNotEmptyUnlessItIsExcepted() throws IOException {
		write("1_first", "create table first (id int);", "-- nothing");
		write("2_second", "create table second (id int);", "drop table second;");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> verify(database()))
			.withMessageContainingAll("1_first.sql]: the down block is empty", "except(\"1\")");
		verify(database(), "1");
		assertThatIllegalArgumentException().isThrownBy(() -> verify(database(), "3")).withMessageContaining("3");
	}

	@Test
	void undoesTheSectionsOfAFileFromTheLastToTheFirst() throws IOException {
		Files.writeString(this.folder.resolve("1_two.sql"), """
				-- migrate:up
				create table first (id int primary key);
				-- migrate:down
				drop table first;
				-- migrate:up transaction:false
				create index on_first on first (id);
				-- migrate:down transaction:false
				drop index on_first;
				""");
		verify(database());
	}

	@Test
	void wantsADatabaseOfItsOwn() throws IOException {
		write("1_first", "create table first (id int);", "drop table first;");
		DataSource database = database();
		verify(database);
		assertThatIllegalStateException().isThrownBy(() -> verify(database))
			.withMessageContaining("migrate.enabled=false");
	}

	final void verify(DataSource database, String... excepted) {
		MigrationChecks.of("file:" + this.folder).against(database).except(excepted).verifyDownsUndoUps();
	}

	final void write(String name, String up, String down) throws IOException {
		Files.writeString(this.folder.resolve(name + ".sql"),
				String.join("\n", List.of("-- migrate:up", up, "", "-- migrate:down", down, "")));
	}

}
