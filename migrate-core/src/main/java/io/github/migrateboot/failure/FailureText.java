package io.github.migrateboot.failure;

/**
 * Words about a failure, once as a whole and once without what others have written: the
 * text of statements, and what the database says, which quotes it.
 *
 * @param full everything
 * @param summary the same without the text of statements and the words of the database
 */
public record FailureText(String full, String summary) {

	/**
	 * Create a text of our own words, which anybody may read.
	 * @param words the words
	 * @return the text
	 */
	public static FailureText of(String words) {
		return new FailureText(words, words);
	}

	/**
	 * Append words of our own.
	 * @param words the words
	 * @return the whole text
	 */
	public FailureText and(String words) {
		return new FailureText(this.full + words, this.summary + words);
	}

	/**
	 * Append another text.
	 * @param other the other text
	 * @return the whole text
	 */
	public FailureText and(FailureText other) {
		return new FailureText(this.full + other.full, this.summary + other.summary);
	}

}
