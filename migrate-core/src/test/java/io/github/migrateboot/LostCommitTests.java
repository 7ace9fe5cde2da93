package io.github.migrateboot;

import java.nio.file.Path;
import java.util.List;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.CommitCuttingProxy;
import io.github.migrateboot.testing.CommitCuttingProxy.Moment;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of a migration on PostgreSQL, which is sent with its commit, when the
 * connection is cut at the commit: the run can't know whether the server has got it.
 */
class LostCommitTests {

	private static final String INSERT = "INSERT INTO t VALUES (2)";

	/** What has this is not sent together with others. */
	private static final String ALONE = "DO $$ BEGIN END $$;";

	@TempDir
	private Path path;

	@ParameterizedTest
	@EnumSource
	void nextStartFindsOutByItself(Moment moment) {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			cutAndStartAgain(database, database, moment);
		}
	}

	@ParameterizedTest
	@EnumSource
	void nextStartFindsOutByItselfBehindAPooler(Moment moment) {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create();
				PgBouncer pgBouncer = PgBouncer.start(database)) {
			cutAndStartAgain(database, pgBouncer.through(database), moment);
		}
	}

	private void cutAndStartAgain(TestDatabase database, TestDatabase way, Moment moment) {
		MigrationFolder folder = new MigrationFolder(this.path).add("1_table.sql", "CREATE TABLE t (a integer);")
			.add("2_insert.sql", INSERT + ";\n" + ALONE)
			.add("3_insert.sql", "INSERT INTO t VALUES (3);");
		boolean committed = moment == Moment.AFTER_THE_COMMIT;
		try (CommitCuttingProxy proxy = CommitCuttingProxy.to(way.url(), INSERT, moment)) {
			Migrator migrator = migrator(folder, database.at(proxy.url(way.url())));
			assertThatExceptionOfType(MigrationFailedException.class).isThrownBy(migrator::migrate)
				.satisfies((failure) -> {
					assertThat(failure.getDescription())
						.startsWith("The connection was lost while 2_insert.sql was being committed: ")
						.contains("Applied before it in this run and recorded: 1; "
								+ "not known yet: whether this one is applied; not applied: 1 after it.");
					assertThat(failure.getAction()).contains("so the next start finds out whether it took effect");
				});
			assertThat(proxy.hasCut()).isTrue();
		}
		assertThat(database.versions()).isEqualTo(committed ? List.of("1", "2") : List.of("1"));
		assertThat(rows(database)).isEqualTo(committed ? List.of(2) : List.of());
		assertThat(migrator(folder, way).migrate().applied()).isEqualTo(committed ? List.of("3") : List.of("2", "3"));
		assertThat(database.versions()).containsExactly("1", "2", "3");
		assertThat(rows(database)).containsExactly(2, 3);
		assertThat(database.jdbc().queryForList("SELECT state FROM schema_migrations_journal", String.class))
			.containsExactly("applied", "applied", "applied");
	}

	private static Migrator migrator(MigrationFolder folder, TestDatabase database) {
		return new Migrator(folder.source(), database.connections(),
				MigratorSettings.defaults(Instance.current("commit")));
	}

	private static List<Integer> rows(TestDatabase database) {
		return database.jdbc().queryForList("SELECT a FROM t ORDER BY a", Integer.class);
	}

}
