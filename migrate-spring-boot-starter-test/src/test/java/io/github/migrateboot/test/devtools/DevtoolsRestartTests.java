package io.github.migrateboot.test.devtools;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that an application which the developer tools restart migrates again, with
 * migrations on the class path that the restart has its own class loader for.
 */
class DevtoolsRestartTests {

	@TempDir
	private Path folder;

	@Test
	void aRestartAppliesWhatWasAdded() throws Exception {
		Path migrations = Files.createDirectories(this.folder.resolve("classes/db/dev"));
		Files.writeString(migrations.resolve("1_first.sql"),
				"-- migrate:up\ncreate table first (id int);\n-- migrate:down\n");
		Path log = this.folder.resolve("log");
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
				this.folder.resolve("classes") + File.pathSeparator + System.getProperty("java.class.path"),
				RestartedApplication.class.getName(), "--migrate.locations=classpath:db/dev", "--folder=" + migrations,
				"--spring.datasource.url=jdbc:sqlite:" + this.folder.resolve("test.db"),
				"--spring.main.web-application-type=none")
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(Files.readString(log)).isTrue();
			assertThat(Files.readString(log)).containsSubsequence("READY [1] in RestartClassLoader",
					"Applied 1 migrations", "READY [1, 2] in RestartClassLoader");
			assertThat(Files.readString(log)).doesNotContain("APPLICATION FAILED TO START");
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

}
