package io.github.migrateboot.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
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

	/** The table in which the first of the clocked ones leaves its time. */
	static final String FIRST = "first_migration";

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
	 * A migration that does what can't simply be sent along with others.
	 */
	static List<String> mixed(int number) {
		List<String> statements = new ArrayList<>(small(number));
		statements.add("select count(*) from t" + number);
		statements.add("do $$ begin raise notice 'migration " + number + "'; end $$");
		statements.add("set work_mem = '" + (8 + number % 8) + "MB'");
		return statements;
	}

	/**
	 * A small migration, of which the first says when it was executed.
	 */
	static List<String> clocked(int number) {
		return (number > 1) ? small(number)
				: List.of("create table " + FIRST + " as select clock_timestamp() as executed_at");
	}

	/**
	 * Notices and rows of a result that nobody wants.
	 */
	static List<String> flood(int notices) {
		return List.of("select id, repeat('x', 50) from generate_series(1, " + notices * 15L / 2 + ") as id",
				"do $$ begin for i in 1.." + notices + " loop raise notice 'row % is done', i; end loop; end $$");
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
		return Files.exists(jar) ? jar : Jars.pack(this.root, jar);
	}

}
