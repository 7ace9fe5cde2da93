package io.github.migrateboot.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

import io.github.migrateboot.benchmarks.FreshJvm.FailedException;
import io.github.migrateboot.testing.Dbmate;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;

import org.springframework.util.FileSystemUtils;

/**
 * What the rows measure with: servers, migrations, tools.
 */
final class Lab implements AutoCloseable {

	/** How often slow tools run at most. */
	static final int SLOW_ROUNDS = 2;

	private final Path folder;

	private final int rounds;

	/** By how much sizes are divided, to try the rows quickly. */
	private final int divisor;

	private final Map<String, Migrations> written = new HashMap<>();

	Lab(int rounds, int divisor) throws IOException {
		this.folder = Files.createTempDirectory("benchmarks");
		this.rounds = rounds;
		this.divisor = divisor;
	}

	int rounds() {
		return this.rounds;
	}

	/**
	 * Return how often a tool runs in a row. Those that are known to be slow run less
	 * often, because nothing depends on a small difference there.
	 * @param most how often at most
	 */
	int rounds(Tool tool, int most) {
		return Math.min(most, tool.isSlow() ? Math.min(this.rounds, SLOW_ROUNDS) : this.rounds);
	}

	int scaled(int size) {
		return Math.max(2, size / this.divisor);
	}

	Migrations small(int count) throws IOException {
		return migrations("small-" + count, count, Migrations::small);
	}

	Migrations migrations(String name, int count, IntFunction<List<String>> statements) throws IOException {
		Migrations known = this.written.get(name);
		if (known == null) {
			known = Migrations.write(this.folder.resolve(name), count, statements);
			this.written.put(name, known);
		}
		return known;
	}

	/**
	 * Create an empty database that keeps what is committed, as a real one does.
	 */
	TestDatabase database(TestServer server) {
		TestDatabase database = server.create();
		if (server == TestServer.POSTGRES_EMBEDDED) {
			database.execute("alter database " + database.name() + " set synchronous_commit = on");
		}
		return database;
	}

	/**
	 * Let a tool apply what is pending, in a process of its own.
	 * @return the milliseconds from when the application has its pool; for a program, of
	 * the whole process
	 */
	double apply(Tool tool, TestDatabase database, Migrations migrations)
			throws IOException, InterruptedException, FailedException {
		return switch (tool) {
			case MIGRATE, FLYWAY, LIQUIBASE -> apply(tool.inJvm(), database, migrations, List.of());
			case DBMATE -> {
				long start = System.nanoTime();
				Dbmate.on(database, new MigrationFolder(migrations.dbmateFolder())).succeed("migrate");
				yield (System.nanoTime() - start) / 1e6;
			}
			case CLIENT -> Client.run(database, migrations.clientScript());
		};
	}

	double apply(JvmTool tool, TestDatabase database, Migrations migrations, List<String> jvmOptions)
			throws IOException, InterruptedException, FailedException {
		return new FreshJvm(jvmOptions, List.of()).run(RunOnce.class, List.of(tool.name(), database.url(),
				database.user(), database.password(), migrations.root().toString()));
	}

	/**
	 * Start an application that has the migrations in a jar.
	 * @return the milliseconds from the start of its JVM until it is ready
	 */
	double start(JvmTool tool, TestDatabase database, Migrations migrations, List<String> jvmOptions)
			throws IOException, InterruptedException, FailedException {
		return new FreshJvm(jvmOptions, List.of(migrations.jar())).run(StartOnce.class,
				List.of(tool.name(), "--spring.datasource.url=" + database.url(),
						"--spring.datasource.username=" + database.user(),
						"--spring.datasource.password=" + database.password()));
	}

	@Override
	public void close() throws IOException {
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
