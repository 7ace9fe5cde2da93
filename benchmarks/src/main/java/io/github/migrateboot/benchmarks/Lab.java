package io.github.migrateboot.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

import io.github.migrateboot.benchmarks.FreshJvm.FailedException;
import io.github.migrateboot.testing.Dbmate;
import io.github.migrateboot.testing.MigrationFolder;

import org.springframework.util.FileSystemUtils;

/**
 * What the rows measure with: servers, migrations, tools.
 */
final class Lab implements AutoCloseable {

	private final Path folder;

	private final int rounds;

	/** By how much sizes are divided, to try the rows quickly. */
	private final int divisor;

	private final Servers servers = new Servers();

	private final Map<String, Migrations> written = new HashMap<>();

	private final Map<Path, Path> packed = new HashMap<>();

	Lab(int rounds, int divisor) throws IOException {
		this.folder = Files.createTempDirectory("benchmarks");
		this.rounds = rounds;
		this.divisor = divisor;
	}

	/**
	 * Return how often the starter runs in a row.
	 */
	int rounds() {
		return this.rounds;
	}

	int scaled(int size) {
		return Math.max(2, size / this.divisor);
	}

	Servers servers() {
		return this.servers;
	}

	/**
	 * Return a folder for files of a row.
	 */
	Path newFolder() throws IOException {
		return Files.createTempDirectory(this.folder, "row");
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
	 * Return the class path of an application that uses a tool, and has nothing of the
	 * others, nor of the starter's tests. Class data can only be shared from jars.
	 */
	List<Path> classPath(JvmTool tool) throws IOException {
		List<Path> path = new ArrayList<>();
		for (Path entry : FreshJvm.ownClassPath()) {
			if (tool.mayUse(entry) && Files.exists(entry) && !entry.toString().endsWith("-testing.jar")) {
				path.add(Files.isDirectory(entry) ? packed(entry) : entry);
			}
		}
		return path;
	}

	private Path packed(Path classes) throws IOException {
		Path known = this.packed.get(classes);
		if (known == null) {
			known = Jars.pack(classes, this.folder.resolve("classes-" + this.packed.size() + ".jar"));
			this.packed.put(classes, known);
		}
		return known;
	}

	/**
	 * Let a tool apply what is pending, in a process of its own.
	 * @return the milliseconds from when the application has its pool; for a program, of
	 * the whole process
	 */
	double apply(Tool tool, Database database, Migrations migrations)
			throws IOException, InterruptedException, FailedException {
		return switch (tool) {
			case MIGRATE, FLYWAY, LIQUIBASE -> apply(tool.inJvm(), database, migrations, List.of());
			case DBMATE -> {
				long start = System.nanoTime();
				dbmate(database, migrations).succeed("migrate");
				yield (System.nanoTime() - start) / 1e6;
			}
			case CLIENT -> Client.run(database, migrations.clientScript());
		};
	}

	double apply(JvmTool tool, Database database, Migrations migrations, List<String> jvmOptions)
			throws IOException, InterruptedException, FailedException {
		return FreshJvm.asThis(jvmOptions)
			.run(RunOnce.class,
					List.of(tool.name(), database.url(), database.user(), database.password(),
							migrations.root().toString()))
			.figure(RunOnce.TIME);
	}

	static Dbmate dbmate(Database database, Migrations migrations) {
		String url = switch (database.server()) {
			case POSTGRES -> database.uri("postgres") + "?sslmode=disable";
			case MYSQL, MARIADB -> database.uri("mysql");
			case SQLITE -> "sqlite:" + database.file();
		};
		return new Dbmate(url, new MigrationFolder(migrations.dbmateFolder()), List.of());
	}

	@Override
	public void close() throws IOException {
		this.servers.close();
		FileSystemUtils.deleteRecursively(this.folder);
	}

}
