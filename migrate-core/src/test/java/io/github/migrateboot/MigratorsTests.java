package io.github.migrateboot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.DatabaseFailedException;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.MalformedMigrationException;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Migrators}.
 */
class MigratorsTests {

	private static final MigrationSource NONE = (vendor) -> List.of();

	private static final MigrationSource FAILING = (vendor) -> {
		throw new MalformedMigrationException("1_bad.sql is bad.", "Fix it.");
	};

	private TestDatabase database;

	@BeforeEach
	void create() {
		this.database = TestServer.SQLITE.create();
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	@Test
	void runsInTheOrderGiven() {
		List<String> order = new ArrayList<>();
		Map<String, Migrator> migrators = new LinkedHashMap<>();
		for (String name : List.of("zebra", "ant", "mule")) {
			migrators.put(name, migrator((vendor) -> {
				order.add(name);
				return List.of();
			}));
		}
		Map<String, MigrationReport> reports = new Migrators(migrators).migrate();
		assertThat(order).containsExactly("zebra", "ant", "mule");
		assertThat(reports.keySet()).containsExactly("zebra", "ant", "mule");
		assertThat(new Migrators(migrators).names()).containsExactly("zebra", "ant", "mule");
	}

	@Test
	void stopsAtTheFirstFailureAndSaysWhichDatabaseItWas() {
		Migrators migrators = migrators(NONE, FAILING, NONE);
		assertThatExceptionOfType(DatabaseFailedException.class).isThrownBy(migrators::migrate).satisfies((failure) -> {
			assertThat(failure.getDescription())
				.isEqualTo("Database 'second': 1_bad.sql is bad.\nThe databases after it were not looked at: third.");
			assertThat(failure.getAction()).isEqualTo("Fix it.");
		}).withCauseInstanceOf(MalformedMigrationException.class);
		assertThat(migrators.get("first").status().state()).isEqualTo(MigratorStatus.State.DONE);
		assertThat(migrators.get("second").status().state()).isEqualTo(MigratorStatus.State.FAILED);
		assertThat(migrators.get("third").status().state()).isEqualTo(MigratorStatus.State.PENDING);
	}

	@Test
	void failureOfTheOnlyDatabaseIsTheFailureItself() {
		Migrators migrators = Migrators.of(migrator(FAILING));
		assertThat(migrators.names()).containsExactly("default");
		assertThatExceptionOfType(MalformedMigrationException.class).isThrownBy(migrators::migrate);
	}

	@Test
	void doesSomethingElseWithEachUntilOneFails() {
		Migrators migrators = migrators(NONE, NONE, NONE);
		List<Migrator> seen = new ArrayList<>();
		assertThatExceptionOfType(DatabaseFailedException.class).isThrownBy(() -> migrators.migrate((migrator) -> {
			seen.add(migrator);
			if (migrator == migrators.get("second")) {
				throw new MigrationFailedException("No.", "Go.");
			}
		}));
		assertThat(seen).containsExactly(migrators.get("first"), migrators.get("second"));
		assertThat(migrators.get("first").status().state()).isEqualTo(MigratorStatus.State.PENDING);
	}

	@Test
	void filtersByName() {
		Migrators migrators = migrators(NONE, FAILING, NONE);
		Migrators some = migrators.filter((name) -> !name.equals("second"));
		assertThat(some.migrate().keySet()).containsExactly("first", "third");
		assertThat(migrators.names()).hasSize(3);
		assertThat(migrators.filter((name) -> false).migrate()).isEmpty();
	}

	@Test
	void refusesUnknownName() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> migrators(NONE, NONE, NONE).get("fourth"))
			.withMessage("There is no database 'fourth' to migrate. Use one of first, second, third.");
	}

	private Migrators migrators(MigrationSource first, MigrationSource second, MigrationSource third) {
		Map<String, Migrator> migrators = new LinkedHashMap<>();
		migrators.put("first", migrator(first));
		migrators.put("second", migrator(second));
		migrators.put("third", migrator(third));
		return new Migrators(migrators);
	}

	private Migrator migrator(MigrationSource source) {
		return new Migrator(source, this.database.connections(),
				MigratorSettings.defaults(new Instance("host", 1, "a")));
	}

}
