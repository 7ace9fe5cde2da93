package io.github.migrateboot.history;

import io.github.migrateboot.database.Database;
import org.jspecify.annotations.Nullable;

/**
 * Words texts for people as the journal can hold them: not longer than their column, and
 * without what the database can't store. What is recorded must not depend on them.
 *
 * @param database the kind of database
 */
record JournalText(Database database) {

	private static final int LONGEST_NAME = 512;

	private static final int LONGEST_INSTANCE = 255;

	private static final int LONGEST_ERROR = 4000;

	String name(String name) {
		return this.database.dialect().literal(stored(name, LONGEST_NAME));
	}

	String instance(String instance) {
		return this.database.dialect().literal(stored(instance, LONGEST_INSTANCE));
	}

	String error(@Nullable String error) {
		return (error != null) ? this.database.dialect().literal(stored(error, LONGEST_ERROR)) : "NULL";
	}

	/**
	 * Return whether a name is that of a file, as far as the journal could hold it.
	 */
	static boolean isNameOf(String file, @Nullable String stored) {
		return stored != null && ascii(file.substring(0, Math.min(file.length(), LONGEST_NAME))).equals(ascii(stored));
	}

	private static String ascii(String text) {
		StringBuilder ascii = new StringBuilder();
		text.codePoints().forEach((c) -> ascii.append((c < 128) ? (char) c : '?'));
		return ascii.toString();
	}

	private String stored(String text, int longest) {
		StringBuilder valid = new StringBuilder();
		text.codePoints().forEach((c) -> {
			// Neither NUL nor half a character can be sent to every server.
			boolean whole = c != 0 && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE);
			valid.appendCodePoint(whole ? c : '?');
		});
		int end = Math.min(valid.length(), longest);
		if (end < valid.length() && Character.isHighSurrogate(valid.charAt(end - 1))) {
			end--;
		}
		return this.database.storable(valid.substring(0, end));
	}

}
