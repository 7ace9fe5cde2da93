package io.github.migrateboot.script;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * One statement of a migration file.
 *
 * @param number its number among all statements of the file's up sections, from 1
 * @param line the line of the file on which its first token stands, from 1
 * @param text the text to send: begins with its first token, without the delimiter that
 * ends it, comments inside left in place
 * @param kind what it means for the transaction it runs in
 * @param data what it reads from the client, or {@code null}: the lines that follow a
 * {@code COPY … FROM STDIN} on PostgreSQL
 */
public record SqlStatement(int number, int line, String text, Kind kind, @Nullable String data) {

	private static final int LONGEST_PHRASE = 3;

	SqlStatement(int number, int line, String text, Kind kind) {
		this(number, line, text, kind, null);
	}

	/**
	 * Return whether the statement begins with these words, whatever their case and
	 * whatever blanks and comments stand between them. A symbol such as a parenthesis
	 * counts as a word.
	 * @param words the words, for example {@code LOCK} and {@code TABLES}
	 * @return whether it begins with all of them
	 */
	public boolean startsWith(String... words) {
		List<String> leading = new LeadingWords(this.text).read(words.length);
		if (leading.size() < words.length) {
			return false;
		}
		for (int i = 0; i < words.length; i++) {
			if (!leading.get(i).equals(words[i].toUpperCase(Locale.ROOT))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Return whether the statement begins with one of these phrases; see
	 * {@link #startsWith}.
	 * @param phrases phrases of at most three words in capital letters, separated by a
	 * blank
	 * @return whether it begins with one of them
	 */
	public boolean startsWithAny(Set<String> phrases) {
		String leading = String.join(" ", new LeadingWords(this.text).read(LONGEST_PHRASE)) + " ";
		return phrases.stream().anyMatch((phrase) -> leading.startsWith(phrase + " "));
	}

	/**
	 * What a statement means for the transaction it runs in, as far as the words with
	 * which it begins tell. (A routine that is called may still do what it likes.)
	 */
	public enum Kind {

		/**
		 * Begins, ends or continues a transaction by itself: {@code BEGIN},
		 * {@code START TRANSACTION}, {@code COMMIT}, {@code ROLLBACK}, and by database
		 * {@code END}, {@code ABORT}, {@code PREPARE TRANSACTION}, {@code XA},
		 * {@code PREPARE COMMIT}, {@code SET AUTOCOMMIT}. Savepoints don't count, see
		 * {@link #DATA}.
		 */
		TRANSACTION_CONTROL,

		/**
		 * Sets properties of the current transaction and must be its first statement:
		 * {@code SET TRANSACTION}, on PostgreSQL also by way of
		 * {@code SET transaction_isolation} and its like.
		 */
		TRANSACTION_SETTING,

		/**
		 * Changes, reads, sets or calls, and leaves an open transaction open:
		 * {@code SELECT}, {@code INSERT}, {@code UPDATE}, {@code CALL},
		 * {@code SAVEPOINT}, {@code ROLLBACK TO}, most of {@code SET} …; on MySQL and
		 * MariaDB also {@code CREATE} and {@code DROP TEMPORARY TABLE}.
		 */
		DATA,

		/**
		 * Anything else. On MySQL, MariaDB and H2 it may commit an open transaction
		 * before and after itself.
		 */
		ORDINARY

	}

}
