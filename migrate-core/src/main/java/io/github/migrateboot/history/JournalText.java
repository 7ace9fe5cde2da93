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
	 * Return the name of a file as the journal has it.
	 */
	static String storedName(Database database, String name) {
		return new JournalText(database).stored(name, LONGEST_NAME);
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
