package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationFailedException;
import io.github.migrateboot.settings.BlockingSettings;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import io.github.migrateboot.testing.Traffic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Measures how long 20 clients wait beside migrations that the fuse ends. Not part of the
 * build, which its name keeps it out of: {@code mvn -B -pl migrate-core test
 * -Dtest=FuseLatency} prints the rows of the table in docs/fuse.md.
 */
class FuseLatency {

	private static final int CLIENTS = 20;

	private static final Duration LIMIT = Duration.ofSeconds(1);

	private static final Duration MOST = LIMIT.plusSeconds(1);

	@TempDir
	private Path path;

	private int version;

	@Test
	void besidePostgres() {
		try (TestDatabase database = TestServer.POSTGRES_EMBEDDED.create()) {
			database.execute("""
					create function slow(v integer) returns integer immutable language plpgsql
					as 'begin perform pg_sleep(0.001); return v; end'""",
					"create table t (id integer primary key, a integer, b text)",
					"insert into t select i, i, repeat(md5(i::text), 5) from generate_series(1, 1000000) i",
					"create index on t (b)", "analyze t");
			String[] traffic = new String[CLIENTS];
			for (int client = 0; client < CLIENTS; client++) {
				traffic[client] = ((client % 2 == 0) ? "select b from t where id = " : "update t set b = b where id = ")
						+ (client + 1);
			}
			row(database, "PostgreSQL 18", "rewrite: `alter table t alter a type bigint`", true,
					"alter table t alter a type bigint", traffic);
			row(database, "PostgreSQL 18", "`create index` on (b, a)", true, "create index i on t (b, a)", traffic);
			row(database, "PostgreSQL 18", "validation: `add constraint … check` that takes 1 ms a row", true,
					"alter table t add constraint c check (id > 10000 or slow(id) > 0)", traffic);
			row(database, "PostgreSQL 18", "`update` of all rows under an exclusive lock", true,
					"lock table t in access exclusive mode;\nupdate t set a = a + 1", traffic);
			row(database, "PostgreSQL 18", "`vacuum full t`", false, "vacuum full t", traffic);
			row(database, "PostgreSQL 18", "a `do` block with an `alter table` and 15 s of work", true,
					"do $$ begin alter table t add column d integer; perform slow(i) from generate_series(1, 15000) i;"
							+ " end $$",
					traffic);
		}
	}

	@Test
	void besideMySql() {
		besideMySql(TestServer.MYSQL, "MySQL 9.7");
	}

	@Test
	void besideMariaDb() {
		besideMySql(TestServer.MARIADB, "MariaDB 11.4");
	}

	private void besideMySql(TestServer server, String name) {
		try (TestDatabase database = server.create()) {
			database.execute("create table t (id integer auto_increment primary key, a integer, b varchar(250))",
					"insert into t (a, b) values (1, repeat('x', 250))");
			for (int doubling = 0; doubling < 20; doubling++) {
				database.execute("insert into t (a, b) select a, b from t");
			}
			String user = database.createUserWithoutRights();
			database.execute("grant all on " + database.name() + ".* to " + user + "@'%'");
			TestDatabase plain = database.as(user, "secret");
			String[] traffic = new String[CLIENTS];
			for (int client = 0; client < CLIENTS; client++) {
				traffic[client] = (client % 2 == 0) ? "select b from t where id = " + (client + 1)
						: "insert into t (a) values (" + client + ")";
			}
			row(plain, name, "copy: `alter table t modify a bigint`", true,
					"alter table t modify a bigint, algorithm=copy, lock=shared", traffic);
		}
	}

	private void row(TestDatabase database, String name, String what, boolean transaction, String sql,
			String[] traffic) {
		String file = ++this.version + "_case.sql";
		MigrationFolder folder = new MigrationFolder(this.path);
		if (transaction) {
			folder.add(file, sql + ";");
		}
		else {
			folder.addWithoutTransaction(file, sql + ";");
		}
		String tries;
		Duration limited;
		try (Traffic clients = new Traffic(database, CLIENTS, traffic)) {
			tries = tries(database, folder);
			limited = clients.longest();
			assertThat(clients.failures()).isEmpty();
		}
		Duration unlimited;
		try (Traffic clients = new Traffic(database, CLIENTS, traffic)) {
			migrate(database, folder, BlockingSettings.defaults());
			unlimited = clients.longest();
		}
		System.out.println("| " + name + " | " + what + " | " + tries + " | " + seconds(limited) + " | "
				+ seconds(unlimited) + " |");
		assertThat(limited).isLessThanOrEqualTo(MOST);
		folder.remove(file);
	}

	/**
	 * Migrate with a limit.
	 * @return how often it was tried before it was given up
	 */
	private static String tries(TestDatabase database, MigrationFolder folder) {
		try {
			migrate(database, folder, new BlockingSettings(LIMIT, Duration.ofSeconds(3), Duration.ZERO));
			return "applied";
		}
		catch (MigrationFailedException ex) {
			System.out.println(ex.getMessage());
			assertThat(ex).hasMessageContaining("It was cancelled because it kept ");
			return ex.getMessage().replaceAll("(?s).*It was tried ([0-9]+) times.*", "$1");
		}
	}

	private static void migrate(TestDatabase database, MigrationFolder folder, BlockingSettings blocking) {
		new Migrator(folder.source(), database.connections(), MigratorSettings.defaults(Instance.current("fuse"))
			.withStatement(StatementSettings.defaults().withBlocking(blocking))).migrate();
	}

	private static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
	}

}
