package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationListener;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What listeners are told.
 */
@ExtendWith(OutputCaptureExtension.class)
class MigrationListenerTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@TempDir
	private Path path;

	private MigrationFolder folder() {
		return new MigrationFolder(this.path);
	}

	private Migrator migrator(TestDatabase database, MigrationListener listener) {
		Migrator migrator = new Migrator(folder().source(), database.connections(),
				MigratorSettings.defaults(Instance.current("tests")));
		migrator.addListener(listener);
		return migrator;
	}

	@ParameterizedTest
	@EnumSource
	void hearOfEachMigrationAndOfTheRun(TestServer server, CapturedOutput output) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);").add("2_row.sql", "INSERT INTO t VALUES (1);");
		try (TestDatabase database = server.create()) {
			Recorder recorder = new Recorder();
			migrator(database, recorder).migrate();
			assertThat(recorder.news).containsExactly("lock", "started 1", "APPLIED 1", "started 2", "APPLIED 2",
					"completed [1, 2]");
			assertThat(output).contains("Applied 1_table.sql (migration 1 of 2) in")
				.contains("Applied 2_row.sql (migration 2 of 2) in")
				.contains("Applied 2 migrations in");
		}
	}

	@ParameterizedTest
	@EnumSource
	void hearOfAFailure(TestServer server) {
		folder().add("1_bad.sql", "INSERT INTO nowhere VALUES (1);").add("2_row.sql", "INSERT INTO t VALUES (1);");
		try (TestDatabase database = server.create()) {
			Recorder recorder = new Recorder();
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator(database, recorder)::migrate);
			assertThat(recorder.news).containsExactly("lock", "started 1", "FAILED 1 MigrationFailedException",
					"failed MigrationFailedException");
		}
	}

	@Test
	void hearOfARunWithNothingToDo() {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			Recorder recorder = new Recorder();
			migrator(database, recorder).migrate();
			assertThat(recorder.news).containsExactly("completed []");
		}
	}

	@Test
	void cannotDisturbTheRun(CapturedOutput output) {
		folder().add("1_table.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.SQLITE.create()) {
			Migrator migrator = migrator(database, new MigrationListener() {

				@Override
				public void migrationStarted(Running migration) {
					throw new IllegalStateException("of no use");
				}

			});
			Recorder second = new Recorder();
			migrator.addListener(second);
			assertThat(migrator.migrate().applied()).containsExactly("1");
			assertThat(second.news).contains("started 1", "APPLIED 1");
			assertThat(output).contains("A listener of migrations failed").contains("of no use");
		}
	}

	@Test
	void reportsAreThereAfterTheRunsOnly() {
		try (TestDatabase database = TestServer.SQLITE.create()) {
			Migrators migrators = Migrators.of(migrator(database, new Recorder()));
			assertThat(migrators.reports()).isEmpty();
			migrators.migrate();
			assertThat(migrators.reports()).containsOnlyKeys("default");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void mayStopAndMigrateWhenTheRunHasEnded(boolean fails) {
		folder().add("1_t.sql", fails ? "INSERT INTO nowhere VALUES (1);" : "CREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.SQLITE.create()) {
			List<String> news = new ArrayList<>();
			AtomicReference<Migrator> self = new AtomicReference<>();
			Migrator migrator = migrator(database, new MigrationListener() {

				@Override
				public void completed(MigrationReport report) {
					ended("completed");
				}

				@Override
				public void failed(MigrationException failure) {
					ended("failed");
				}

				private void ended(String how) {
					Migrator migrator = self.get();
					news.add(how + " " + migrator.status().state());
					if (news.size() == 1) {
						MigrationListenerTests.this.folder().add("1_t.sql", "").add("2_t.sql", "");
						// As another thread does it that this one waits for.
						assertThat(CompletableFuture.supplyAsync(migrator::migrate)).succeedsWithin(PATIENCE);
						assertThat(CompletableFuture.supplyAsync(() -> migrator.stop(Duration.ofMinutes(5))))
							.succeedsWithin(PATIENCE)
							.isEqualTo(true);
					}
				}

			});
			self.set(migrator);
			try {
				migrator.migrate();
			}
			catch (MigrationFailedException ex) {
				assertThat(fails).isTrue();
			}
			assertThat(news).containsExactly(fails ? "failed FAILED" : "completed DONE", "completed DONE");
		}
	}

	@Test
	void cannotRunAMigratorInItsOwnRun(CapturedOutput output) {
		folder().add("1_t.sql", "CREATE TABLE t (a integer);");
		try (TestDatabase database = TestServer.H2.create()) {
			AtomicReference<Migrator> self = new AtomicReference<>();
			Migrator migrator = migrator(database, new MigrationListener() {

				@Override
				public void migrationStarted(Running migration) {
					self.get().migrate();
				}

			});
			self.set(migrator);
			assertThat(CompletableFuture.supplyAsync(migrator::migrate)).succeedsWithin(PATIENCE)
				.extracting(MigrationReport::applied, InstanceOfAssertFactories.LIST)
				.containsExactly("1");
			assertThat(output).contains("A listener of migrations failed").contains("from a listener of this run");
		}
	}

	@Test
	void canStopTheRunInWhichItIsTold() {
		folder().addWithoutTransaction("1_t.sql", "CREATE TABLE t (a integer);\nINSERT INTO t VALUES (1);");
		try (TestDatabase database = TestServer.H2.create()) {
			AtomicReference<Migrator> self = new AtomicReference<>();
			List<Boolean> ended = new ArrayList<>();
			Migrator migrator = migrator(database, new MigrationListener() {

				@Override
				public void migrationStarted(Running migration) {
					ended.add(self.get().stop(Duration.ofMinutes(5)));
				}

			});
			self.set(migrator);
			assertThat(CompletableFuture.supplyAsync(migrator::migrate)).failsWithin(PATIENCE)
				.withThrowableThat()
				.withCauseInstanceOf(InterruptedMigrationException.class);
			assertThat(ended).containsExactly(false);
		}
	}

	/**
	 * Remembers what it is told.
	 */
	private static final class Recorder implements MigrationListener {

		private final List<String> news = new ArrayList<>();

		@Override
		public void migrationStarted(Running migration) {
			this.news.add("started " + migration.version());
		}

		@Override
		public void migrationEnded(Running migration, Outcome outcome, Duration took,
				@Nullable MigrationException failure) {
			this.news.add(outcome + " " + migration.version()
					+ ((failure != null) ? " " + failure.getClass().getSimpleName() : ""));
		}

		@Override
		public void lockWaited(Duration waited) {
			this.news.add("lock");
		}

		@Override
		public void completed(MigrationReport report) {
			this.news.add("completed " + report.applied());
		}

		@Override
		public void failed(MigrationException failure) {
			this.news.add("failed " + failure.getClass().getSimpleName());
		}

	}

}
