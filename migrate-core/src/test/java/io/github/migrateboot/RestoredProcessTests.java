package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.lock.LockStrategies;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationInfo;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a process that is stopped, and started again on another host from a
 * checkpoint.
 */
class RestoredProcessTests {

	private static final Instance BEFORE = new Instance("builder", 7, "shop");

	private static final Instance AFTER = new Instance("web-1", 129, "shop");

	@TempDir
	private Path path;

	@Test
	void saysWhereItIsNow() {
		assertThat(instancesAround(BEFORE)).containsExactly("builder/7 (shop)", "web-1/129 (shop)");
	}

	@Test
	void keepsAnInstanceThatIsNotTheProcess() {
		assertThat(instancesAround(new Instance("blue", 7, "shop"))).containsExactly("blue/7 (shop)", "blue/7 (shop)");
	}

	private Iterable<String> instancesAround(Instance configured) {
		MigrationFolder folder = new MigrationFolder(this.path).add("1_a.sql", "create table a (id int);");
		AtomicReference<Instance> process = new AtomicReference<>(BEFORE);
		try (TestDatabase database = TestServer.SQLITE.create()) {
			Migrator migrator = new Migrator(folder.source(), database.connections(),
					MigratorSettings.defaults(configured), LockStrategies::choose, (application) -> process.get());
			migrator.migrate();
			migrator.stop(Duration.ZERO);
			process.set(AFTER);
			migrator.start();
			folder.add("2_b.sql", "create table b (id int);");
			migrator.migrate();
			return migrator.migrations().stream().map(MigrationInfo::instance).toList();
		}
	}

}
