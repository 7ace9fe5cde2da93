package io.github.migrateboot.safety;

import org.jspecify.annotations.Nullable;

/**
 * What was found about one statement of a migration.
 *
 * @param hazard what it can do
 * @param place which statement it is about
 * @param table the table that is concerned, as the database names it, or {@code null} if
 * it is not known
 * @param lock the lock that others wait for, in the words of the database, or
 * {@code null} if there is none
 * @param effect what a service would feel, in a sentence
 * @param remedy the safe way, as SQL, or {@code null} if none is known
 */
public record Finding(Hazard hazard, Place place, @Nullable String table, @Nullable String lock, String effect,
		@Nullable String remedy) {

	/**
	 * A statement of a migration file.
	 *
	 * @param file the file's name
	 * @param line the line on which the statement begins, from 1
	 * @param statement its number among the statements of the file's up blocks, from 1; 0
	 * if the file as a whole is meant
	 */
	public record Place(String file, int line, int statement) {

	}

}
