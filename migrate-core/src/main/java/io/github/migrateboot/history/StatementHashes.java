package io.github.migrateboot.history;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The hashes of a migration's statements in pieces that any server takes in one
 * statement: SQLite reads one million bytes, and what others read may be limited too.
 */
final class StatementHashes {

	/** There are none, or none is needed. Not empty, which may be NULL. */
	private static final String NONE = "-";

	private static final int LONGEST_PIECE = 100_000;

	private StatementHashes() {
	}

	/**
	 * Return what a row gets at first.
	 * @param hashes all of them, separated by blanks
	 */
	static String first(String hashes) {
		return hashes.isEmpty() ? NONE : hashes.substring(0, Math.min(hashes.length(), LONGEST_PIECE));
	}

	/**
	 * Return what is appended to it, one after the other.
	 */
	static List<String> others(String hashes) {
		List<String> pieces = new ArrayList<>();
		for (int from = LONGEST_PIECE; from < hashes.length(); from += LONGEST_PIECE) {
			pieces.add(hashes.substring(from, Math.min(hashes.length(), from + LONGEST_PIECE)));
		}
		return pieces;
	}

	/**
	 * Return the hashes of a row.
	 */
	static List<String> read(@Nullable String stored) {
		return (stored == null || stored.isBlank() || stored.equals(NONE)) ? List.of() : List.of(stored.split(" "));
	}

}
