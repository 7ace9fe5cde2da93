package io.github.migrateboot.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The same migrations in each tool's format, below one folder.
 *
 * @param root the folder
 * @param count the number of migrations
 */
record Migrations(Path root, int count) {

	static final String DBMATE = "classpath:db/migrations";

	static final String FLYWAY = "classpath:db/migration";

	static final String LIQUIBASE = "classpath:db/changelog/db.changelog-master.xml";

	/**
	 * Write migrations.
	 * @param root the folder, which does not exist yet
	 * @param count how many
	 * @param statements the statements of a migration by its number, from 1
	 */
	static Migrations write(Path root, int count, IntFunction<List<String>> statements) throws IOException {
		Path dbmate = Files.createDirectories(root.resolve("db/migrations"));
		Path flyway = Files.createDirectories(root.resolve("db/migration"));
		Path liquibase = Files.createDirectories(root.resolve("db/changelog/sql"));
		Files.writeString(root.resolve("db/changelog/db.changelog-master.xml"), """
				<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
					xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
					xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
						http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-latest.xsd">
					<includeAll path="sql" relativeToChangelogFile="true"/>
				</databaseChangeLog>
				""");
		try (BufferedWriter client = Files.newBufferedWriter(root.resolve("client.sql"))) {
			for (int number = 1; number <= count; number++) {
				String version = "%014d".formatted(20260101000000L + number);
				String sql = String.join(";\n", statements.apply(number)) + ";\n";
				Files.writeString(dbmate.resolve(version + "_change.sql"),
						"-- migrate:up\n" + sql + "\n-- migrate:down\n");
				Files.writeString(flyway.resolve("V" + version + "__change.sql"), sql);
				Files.writeString(liquibase.resolve(version + "_change.sql"),
						"--liquibase formatted sql\n\n--changeset benchmark:" + version + "\n" + sql);
				client.write("begin;\n" + sql + "commit;\n");
			}
		}
		return new Migrations(root, count);
	}

	/**
	 * A small migration, as most are.
	 */
	static List<String> small(int number) {
		return List.of("create table t" + number + " (id integer primary key, name varchar(100) not null)",
				"insert into t" + number + " values (1, 'one'), (2, 'two')");
	}

	/**
	 * A migration that holds up the others.
	 */
	static List<String> slow(int seconds) {
		return List.of("create table slow (id integer primary key)", "select pg_sleep(" + seconds + ")");
	}

	/**
	 * A file of 100,000 statements and 50 MB, or a part of it.
	 */
	static List<String> large(int inserts) {
		String text = "x".repeat(460);
		Stream<String> rows = Stream.iterate(1, (id) -> id + 1)
			.limit(inserts)
			.map((id) -> "insert into large (id, text) values (" + id + ", '" + text + "')");
		return Stream.concat(Stream.of("create table large (id integer primary key, text varchar(500))"), rows)
			.toList();
	}

	Path dbmateFolder() {
		return this.root.resolve("db/migrations");
	}

	Path clientScript() {
		return this.root.resolve("client.sql");
	}

	/**
	 * Pack them as a build tool would.
	 */
	Path jar() throws IOException {
		Path jar = this.root.resolveSibling(this.root.getFileName() + ".jar");
		if (Files.exists(jar)) {
			return jar;
		}
		try (OutputStream file = Files.newOutputStream(jar);
				JarOutputStream out = new JarOutputStream(file);
				Stream<Path> paths = Files.walk(this.root.resolve("db"))) {
			for (Path path : (Iterable<Path>) paths.sorted()::iterator) {
				boolean folder = Files.isDirectory(path);
				out.putNextEntry(new JarEntry(this.root.relativize(path) + (folder ? "/" : "")));
				if (!folder) {
					Files.copy(path, out);
				}
				out.closeEntry();
			}
		}
		return jar;
	}

}
