package io.github.migrateboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.migrateboot.database.Instance;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.PgBouncer;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Much that PostgreSQL says while a migration runs neither stops the migration nor fills
 * the memory, and what matters of it is told.
 */
@ExtendWith(OutputCaptureExtension.class)
class ServerNoticeTests {

	private static final String NOISY = "create table noisy (id int, t text); create function shout() returns trigger"
			+ " language plpgsql as $$ begin for i in 1..%d loop raise notice '% % %', i, repeat('n', 60), tg_op; end loop;"
			+ " return coalesce(new, old); end $$; create trigger shout before insert or delete on noisy"
			+ " for each row when (pg_trigger_depth() = 0) execute function shout();";

	@TempDir
	private Path path;

	private TestDatabase database;

	private MigrationFolder folder;

	@BeforeEach
	void createDatabase() {
		this.database = TestServer.POSTGRES_EMBEDDED.create();
		this.folder = new MigrationFolder(this.path);
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	private static String noisy(int notices) {
		return NOISY.replace("%d", Integer.toString(notices));
	}

	private static String shout(int notices) {
		return "do $$ begin for i in 1.." + notices
				+ " loop raise notice '% %', i, repeat('n', 60); end loop; end $$;\n";
	}

	private static Migrator migrator(MigrationFolder folder, TestDatabase database) {
		return new Migrator(folder.source(), database.connections(),
				MigratorSettings.defaults(Instance.current("notices")));
	}

	/**
	 * Not one that hangs for ever, which would not end with the test either.
	 */
	private static List<String> migrate(Migrator migrator) {
		return CompletableFuture.supplyAsync(() -> migrator.migrate().applied()).orTimeout(90, TimeUnit.SECONDS).join();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "?preferQueryMode=simple", "?autosave=always", "?reWriteBatchedInserts=true" })
	void largeStatementsMayFollowManyNotices(String parameters) {
		String insert = "insert into large values ('" + "x".repeat(200_000) + "');\n";
		this.folder.add("1_large.sql", "create table large (t text);\n" + shout(100_000) + insert.repeat(20));
		assertThat(migrate(migrator(this.folder, this.database.at(this.database.url() + parameters))))
			.containsExactly("1");
		assertThat(this.database.jdbc().queryForObject("select count(*) from large", Integer.class)).isEqualTo(20);
	}

	@Test
	void largeStatementsMayFollowManyNoticesBehindAPooler() {
		String insert = "insert into large values ('" + "x".repeat(200_000) + "');\n";
		this.folder.add("1_large.sql", "create table large (t text);\n" + shout(100_000) + insert.repeat(20));
		try (PgBouncer pgBouncer = PgBouncer.start(this.database)) {
			assertThat(migrate(migrator(this.folder, pgBouncer.through(this.database)))).containsExactly("1");
		}
	}

	/**
	 * Each of the first statements says more than any buffer holds, and the others are
	 * more than any buffer holds.
	 */
	@Test
	void manySmallStatementsMayFollowManyNoticesOfATrigger() {
		this.database.execute(noisy(100_000));
		String small = "insert into plain values ('" + "y".repeat(900) + "');\n";
		this.folder.add("1_small.sql", "create table plain (t text);\ninsert into noisy values (1);\n"
				+ small.repeat(3000) + "delete from noisy;\n" + small.repeat(3000));
		assertThat(migrate(migrator(this.folder, this.database))).containsExactly("1");
		assertThat(this.database.jdbc().queryForObject("select count(*) from plain", Integer.class)).isEqualTo(6000);
	}

	@Test
	void largeResultsMayPrecedeLargeStatements() {
		String insert = "insert into large values ('" + "x".repeat(200_000) + "');\n";
		this.folder.add("1_large.sql", "create table large (t text);\n"
				+ "select repeat('r', 10000) from generate_series(1, 5000);\n" + insert.repeat(20));
		assertThat(migrate(migrator(this.folder, this.database))).containsExactly("1");
	}

	@Test
	void copiedRowsMayRaiseManyNotices() {
		this.database.execute(noisy(1000));
		String rows = ("1\t" + "z".repeat(1000) + "\n").repeat(5000);
		this.folder.add("1_copy.sql", "copy noisy from stdin;\n" + rows + "\\.\n")
			.addWithoutTransaction("2_copy.sql", "copy noisy from stdin;\n" + rows + "\\.\n");
		assertThat(migrate(migrator(this.folder, this.database))).containsExactly("1", "2");
		assertThat(this.database.jdbc().queryForObject("select count(*) from noisy", Integer.class)).isEqualTo(10_000);
	}

	/**
	 * Where the server is told to be silent, the log says about what.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void warningsAboutCopiedRowsAreToldOrSaidNotToBe(boolean transaction, CapturedOutput output) {
		this.database.execute("create table warned (t text)",
				"create function warn() returns trigger language plpgsql as $$ begin"
						+ " raise warning 'careful with %', left(new.t, 5); return new; end $$",
				"create trigger warn before insert on warned for each row execute function warn()");
		String sql = "copy warned from stdin;\nsmall\n\\.\ncopy public.warned\nfrom stdin;\n"
				+ ("large" + "z".repeat(995) + "\n").repeat(40) + "\\.\ncopy warned from stdin;\nafter\n\\.\n";
		if (transaction) {
			this.folder.add("1_copy.sql", sql);
		}
		else {
			this.folder.addWithoutTransaction("1_copy.sql", sql);
		}
		assertThat(migrate(migrator(this.folder, this.database))).containsExactly("1");
		assertThat(output).containsPattern("WARN .*careful with small")
			.doesNotContain("careful with large")
			.containsPattern(
					"INFO .*rows of a large COPY is not shown, not even warnings: copy public.warned from stdin")
			.containsPattern("WARN .*careful with after")
			.containsPattern("Applied 1_copy.sql");
		assertThat(StringUtils.countOccurrencesOf(output.getOut(), "of a large COPY")).isEqualTo(1);
		assertThat(this.database.jdbc().queryForObject("select count(*) from warned", Integer.class)).isEqualTo(42);
	}

	@Test
	void manyNoticesNeedLittleMemory() {
		this.database.execute(noisy(400_000));
		this.folder.add("1_do.sql", shout(400_000))
			.addWithoutTransaction("2_do.sql", shout(400_000))
			.add("3_trigger.sql", "insert into noisy values (1);")
			.addWithoutTransaction("4_trigger.sql", "delete from noisy;");
		List<String> options = List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"));
		try (ChildJvm process = MigrateProcess.start(options, this.database, this.folder, "notices", List.of())) {
			assertThat(process.awaitExit(Duration.ofMinutes(3))).as(process::output).isZero();
		}
		assertThat(this.database.versions()).containsExactly("1", "2", "3", "4");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void warningsBehindManyNoticesAreTold(boolean transaction, CapturedOutput output) {
		String sql = shout(3000) + "do $$ begin for i in 1..3000 loop raise notice 'aside %', i; end loop;"
				+ " raise warning 'the disk is nearly full'; end $$;";
		if (transaction) {
			this.folder.add("1_warning.sql", sql);
		}
		else {
			this.folder.addWithoutTransaction("1_warning.sql", sql);
		}
		migrator(this.folder, this.database).migrate();
		assertThat(output).contains("the disk is nearly full")
			.containsPattern("WARN .*the disk is nearly full")
			.contains("The server says: 1 nnn")
			.doesNotContain("aside 3000")
			.containsPattern("The server said \\d+ more things");
	}

	@Test
	void thousandWarningsAreToldAndTheOthersCounted(CapturedOutput output) {
		this.folder.add("1_warnings.sql",
				"do $$ begin for i in 1..2500 loop raise warning 'careful % times', i; end loop; end $$;");
		migrator(this.folder, this.database).migrate();
		assertThat(StringUtils.countOccurrencesOf(output.getOut(), "careful ")).isEqualTo(1000);
		assertThat(output).contains("careful 1000 times").contains("1500 more warnings");
	}

	@Test
	void noticesOfDdlAreTold(CapturedOutput output) {
		this.folder.add("1_ddl.sql",
				"create table a (id int);\ncreate table if not exists a (id int);\n" + "drop table if exists nowhere;");
		migrator(this.folder, this.database).migrate();
		assertThat(output).contains("relation \"a\" already exists, skipping")
			.contains("table \"nowhere\" does not exist, skipping")
			.doesNotContain("more things");
	}

	@Test
	void warningsOfOtherDatabasesAreTold(CapturedOutput output) {
		try (TestDatabase mariaDb = TestServer.MARIADB.create()) {
			this.folder.add("1_warning.sql", "create table a (id int);\ndrop table if exists nowhere;");
			migrator(this.folder, mariaDb).migrate();
		}
		assertThat(output).contains("The server says: ").contains("nowhere");
	}

}
