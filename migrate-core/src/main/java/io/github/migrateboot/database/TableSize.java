package io.github.migrateboot.database;

import org.jspecify.annotations.Nullable;

/**
 * A table that exists, and how large the server believes it to be.
 *
 * @param written the name by which it was asked for
 * @param name the name with its schema, as the database has it
 * @param rows how many rows it has, or {@code null} if the server does not know
 * @param bytes the size of its rows in bytes, or {@code null}
 * @param indexBytes the size of its indexes in bytes, or {@code null}
 * @param totalBytes its size in all in bytes, or {@code null}
 */
public record TableSize(String written, String name, @Nullable Long rows, @Nullable Long bytes,
		@Nullable Long indexBytes, @Nullable Long totalBytes) {

	/**
	 * Read a number of the catalogue.
	 * @param number its text, or {@code null}
	 * @return the number, or {@code null} if it is none or below zero
	 */
	static @Nullable Long number(@Nullable String number) {
		if (number == null) {
			return null;
		}
		long value = Long.parseLong(number);
		return (value >= 0) ? value : null;
	}

}
