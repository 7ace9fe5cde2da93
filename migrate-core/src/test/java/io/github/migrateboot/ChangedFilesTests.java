package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.MigratorSettings.Mode;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When applied files are looked at: not while the application waits for its start.
 */
@ExtendWith(OutputCaptureExtension.class)
class ChangedFilesTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	@TempDir
	private Path path;

	private TestDatabase database;

	private final List<Thread> readers = new CopyOnWriteArrayList<>();

	private volatile CountDownLatch readable = new CountDownLatch(0);

	@BeforeEach
	void applyAndChange() {
		this.database = TestServer.SQLITE.create();
		MigrationFolder folder = new MigrationFolder(this.path).add("1_table.sql", "CREATE TABLE t (a integer);")
			.add("2_table.sql", "CREATE TABLE u (a integer);");
		migrator(folder.source(), Mode.APPLY).migrate();
		folder.add("1_table.sql", "CREATE TABLE t (a bigint);").add("2_table.sql", "CREATE TABLE u (a bigint);");
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	private Migrator migrator(MigrationSource source, Mode mode) {
		return new Migrator(source, this.database.connections(),
				MigratorSettings.defaults(Instance.current("tests")).withMode(mode));
	}

	private Migrator watched(Mode mode) {
		MigrationSource source = new MigrationFolder(this.path).source();
		return migrator(
				(vendor) -> source.list(vendor).stream().map((file) -> (MigrationFile) new WatchedFile(file)).toList(),
				mode);
	}

	@Test
	void areReadWhenTheRunHasEnded(CapturedOutput output) {
		this.readable = new CountDownLatch(1);
		Migrator migrator = watched(Mode.APPLY);
		migrator.migrate();
		assertThat(migrator.status().state()).isEqualTo(MigratorStatus.State.DONE);
		assertThat(output).doesNotContain("Changed after being applied");
		this.readable.countDown();
		Awaitility.await()
			.atMost(LONG)
			.untilAsserted(() -> assertThat(output).contains("Changed after being applied").contains("2_table.sql"));
		assertThat(this.readers).doesNotContain(Thread.currentThread());
	}

	@Test
	void areReportedBeforeAProcessThatOnlyMigratesEnds(CapturedOutput output) {
		watched(Mode.APPLY_AND_EXIT).migrate();
		assertThat(output).contains("Changed after being applied").contains("2_table.sql");
	}

	@Test
	void areReadNoFurtherWhenTheApplicationStops(CapturedOutput output) throws InterruptedException {
		this.readable = new CountDownLatch(1);
		Migrator migrator = watched(Mode.APPLY);
		migrator.migrate();
		Awaitility.await().atMost(LONG).until(() -> !this.readers.isEmpty());
		assertThat(migrator.stop(Duration.ZERO)).isTrue();
		this.readable.countDown();
		this.readers.get(0).join(LONG.toMillis());
		assertThat(this.readers).hasSize(1);
		assertThat(output).doesNotContain("Changed after being applied");
	}

	/**
	 * Notes who reads it, and may keep the reader waiting.
	 */
	private final class WatchedFile implements MigrationFile {

		private final MigrationFile file;

		WatchedFile(MigrationFile file) {
			this.file = file;
		}

		@Override
		public String version() {
			return this.file.version();
		}

		@Override
		public String name() {
			return this.file.name();
		}

		@Override
		public String description() {
			return this.file.description();
		}

		@Override
		public byte[] read() {
			ChangedFilesTests.this.readers.add(Thread.currentThread());
			try {
				if (!ChangedFilesTests.this.readable.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
					throw new IllegalStateException("Nobody has made it readable");
				}
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			return this.file.read();
		}

	}

}
