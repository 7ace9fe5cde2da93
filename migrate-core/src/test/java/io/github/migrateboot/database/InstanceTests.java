package io.github.migrateboot.database;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.database.Instance.Place;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Instance}: when it looks up where the process is, which may have been
 * stopped, and started again on another host from a checkpoint.
 */
class InstanceTests {

	private static final Place BEFORE = new Place("builder", 7);

	private static final Place AFTER = new Place("web-1", 129);

	@TempDir
	private Path path;

	private final AtomicReference<Place> process = new AtomicReference<>(BEFORE);

	private final AtomicInteger lookups = new AtomicInteger();

	@Test
	void isThisProcess() {
		assertThat(Instance.current("shop")).asString()
			.matches("[^/]+/" + ProcessHandle.current().pid() + " \\(shop\\)");
	}

	@Test
	void saysWhereItIsNow() {
		assertThat(instancesAroundARestore(process())).containsExactly("builder/7 (shop)", "web-1/129 (shop)");
	}

	@Test
	void keepsAnInstanceThatIsNotTheProcess() {
		assertThat(instancesAroundARestore(new Instance("blue", 7, "shop"))).containsExactly("blue/7 (shop)",
				"blue/7 (shop)");
	}

	@Test
	void isLookedUpOnceInARunAndNotWithoutAnythingToDo() {
		MigrationFolder folder = folder();
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			Migrator migrator = new Migrator(folder.source(), database.connections(),
					MigratorSettings.defaults(process()));
			assertThat(this.lookups).hasValue(0);
			migrator.migrate();
			assertThat(this.lookups).hasValue(1);
			assertThat(migrator.migrate().applied()).isEmpty();
			assertThat(this.lookups).hasValue(1);
		}
	}

	private Instance process() {
		return new Instance("shop", () -> {
			this.lookups.incrementAndGet();
			return this.process.get();
		});
	}

	private MigrationFolder folder() {
		return new MigrationFolder(this.path).add("1_a.sql", "create table a (id int);");
	}

	private Iterable<String> instancesAroundARestore(Instance configured) {
		MigrationFolder folder = folder();
		try (TestDatabase database = TestServer.SQLITE.create()) {
			Migrator migrator = new Migrator(folder.source(), database.connections(),
					MigratorSettings.defaults(configured));
			migrator.migrate();
			migrator.stop(Duration.ZERO);
			this.process.set(AFTER);
			migrator.start();
			folder.add("2_b.sql", "create table b (id int);");
			migrator.migrate();
			return migrator.migrations().stream().map(MigrationInfo::instance).toList();
		}
	}

}
