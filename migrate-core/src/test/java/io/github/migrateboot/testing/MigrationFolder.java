package io.github.migrateboot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.script.ResourceMigrationSource;

/**
 * A folder of migration files that a test writes.
 *
 * @param path the folder, which exists
 */
public record MigrationFolder(Path path) {

	/**
	 * Add a file with an up section and an empty down section.
	 * @param name the file's name
	 * @param up the SQL of the up section
	 * @return this folder
	 */
	public MigrationFolder add(String name, String up) {
		return addRaw(name, "-- migrate:up\n" + up + "\n\n-- migrate:down\n");
	}

	/**
	 * Add a file whose up section runs without a transaction.
	 * @param name the file's name
	 * @param up the SQL of the up section
	 * @return this folder
	 */
	public MigrationFolder addWithoutTransaction(String name, String up) {
		return addRaw(name, "-- migrate:up transaction:false\n" + up + "\n\n-- migrate:down\n");
	}

	/**
	 * Add or replace a file.
	 * @param name the file's name
	 * @param content the whole content
	 * @return this folder
	 */
	public MigrationFolder addRaw(String name, String content) {
		try {
			Files.writeString(this.path.resolve(name), content);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Remove a file.
	 * @param name the file's name
	 * @return this folder
	 */
	public MigrationFolder remove(String name) {
		try {
			Files.delete(this.path.resolve(name));
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public String location() {
		return "file:" + this.path;
	}

	public MigrationSource source() {
		return new ResourceMigrationSource(List.of(location()), null);
	}

}
