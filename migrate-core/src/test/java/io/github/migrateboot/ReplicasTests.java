package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Eight processes that start at once on one database.
 */
class ReplicasTests {

	private static final int REPLICAS = 8;

	private static final int MIGRATIONS = 20;

	/** How often each database is tried; the release check sets 20. */
	private static final int ROUNDS = Integer.getInteger("migrate.test.rounds", 1);

	@TempDir
	private Path folder;

	@ParameterizedTest
	@EnumSource
	void eachMigrationTakesEffectOnce(TestServer server) {
		MigrationFolder migrations = migrations();
		for (int round = 1; round <= ROUNDS; round++) {
			try (TestDatabase database = server.create()) {
				start(database, migrations);
				assertThat(database.versions()).as("round %d", round)
					.containsExactlyElementsOf(
							IntStream.rangeClosed(1, MIGRATIONS).mapToObj("%04d"::formatted).toList());
				List<Integer> effects = database.jdbc()
					.queryForList("SELECT migration FROM effects ORDER BY migration", Integer.class);
				assertThat(effects).as("round %d", round)
					.containsExactlyElementsOf(IntStream.rangeClosed(1, MIGRATIONS).boxed().toList());
			}
		}
	}

	private MigrationFolder migrations() {
		MigrationFolder migrations = new MigrationFolder(this.folder);
		migrations.add("0001_effects.sql",
				"CREATE TABLE effects (migration integer NOT NULL);\nINSERT INTO effects VALUES (1);");
		for (int number = 2; number <= MIGRATIONS; number++) {
			String name = "%04d_effect.sql".formatted(number);
			String insert = "INSERT INTO effects VALUES (" + number + ");";
			switch (number % 3) {
				case 0 -> migrations.add(name, insert);
				case 1 -> migrations.add(name, "CREATE TABLE t" + number + " (a integer);\n" + insert);
				default -> migrations.addWithoutTransaction(name, insert);
			}
		}
		return migrations;
	}

	private void start(TestDatabase database, MigrationFolder migrations) {
		List<ChildJvm> replicas = new ArrayList<>();
		try {
			for (int number = 1; number <= REPLICAS; number++) {
				replicas.add(MigrateProcess.start(database, migrations, "replica-" + number));
			}
			for (ChildJvm replica : replicas) {
				int exit = replica.awaitExit(Duration.ofMinutes(2));
				assertThat(exit).as(replica::output).isZero();
			}
		}
		finally {
			replicas.forEach(ChildJvm::close);
		}
	}

}
