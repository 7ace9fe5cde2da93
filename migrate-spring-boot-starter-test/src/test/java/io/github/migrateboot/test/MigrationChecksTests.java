package io.github.migrateboot.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link MigrationChecks} that need no database.
 */
class MigrationChecksTests {

	@TempDir
	private Path folder;

	@Test
	void acceptsFilesThatAreRight() {
		assertThatCode(() -> MigrationChecks.of("classpath:db/migrations").verifyFiles("postgresql"))
			.doesNotThrowAnyException();
	}

	@Test
	void tellsAboutEveryFileThatIsNot() throws IOException {
		write("1_no_down.sql", "-- migrate:up\ncreate table a (id int);\n");
		write("2_right.sql", "-- migrate:up\n-- migrate:down\n");
		write("3_early.sql", "create table c (id int);\n-- migrate:up\n-- migrate:down\n");
		write("4_nul.sql", "-- migrate:up\n-- migrate:down\n\nselect '\0';\n");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> checks().verifyFiles("sqlite"))
			.withMessageContainingAll("1_no_down.sql], line 1: no '-- migrate:down' follows",
					"3_early.sql], line 1: something stands before", "4_nul.sql], line 4: a statement contains a NUL")
			.withMessageNotContaining("2_right");
	}

	@Test
	void refusesTwoFilesWithOneVersion() throws IOException {
		write("7_one.sql", "-- migrate:up\n-- migrate:down\n");
		write("7_other.sql", "-- migrate:up\n-- migrate:down\n");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> checks().verifyFiles("mysql"))
			.withMessageContainingAll("same version 7", "7_one.sql", "7_other.sql");
	}

	@Test
	void refusesLocationsWithoutFiles() {
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> checks().verifyFiles("h2"))
			.withMessageContaining("no migration file");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> MigrationChecks.of("classpath:db/nowhere").verifyFiles("h2"))
			.withMessageContaining("classpath:db/nowhere does not exist");
	}

	@Test
	void refusesADatabaseThatNobodyKnows() throws IOException {
		write("1_right.sql", "-- migrate:up\n-- migrate:down\n");
		assertThatIllegalArgumentException().isThrownBy(() -> checks().verifyFiles("oracle"))
			.withMessageContaining("postgresql, mysql");
	}

	private MigrationChecks checks() {
		return MigrationChecks.of("file:" + this.folder);
	}

	private void write(String name, String content) throws IOException {
		Files.writeString(this.folder.resolve(name), content);
	}

}
