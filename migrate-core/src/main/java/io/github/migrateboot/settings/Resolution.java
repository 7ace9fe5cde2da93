package io.github.migrateboot.settings;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.InvalidSettingException;

/**
 * A person's answer to the question what has become of a statement that was cut off. Each
 * is honoured once; for a second unknown outcome of the same statement there must be a
 * second answer.
 *
 * @param version the migration's version
 * @param statement the number of the statement, from 1
 * @param action what to do
 */
public record Resolution(String version, int statement, Action action) {

	private static final Pattern SYNTAX = Pattern.compile("\\s*([0-9]+):([1-9][0-9]{0,8})=(retry|skip)\\s*");

	/**
	 * Read an answer.
	 * @param text for example {@code 20260102030405:3=retry}
	 * @return the answer
	 * @throws InvalidSettingException if the text is not one
	 */
	public static Resolution parse(String text) {
		Matcher matcher = SYNTAX.matcher(text);
		if (!matcher.matches()) {
			throw new InvalidSettingException("migrate.resolve contains \"" + text + "\", which is not an answer.",
					"Write <version>:<statement>=retry or <version>:<statement>=skip, for example"
							+ " \"20260102030405:3=retry\".");
		}
		return new Resolution(matcher.group(1), Integer.parseInt(matcher.group(2)),
				Action.valueOf(matcher.group(3).toUpperCase(Locale.ROOT)));
	}

	@Override
	public String toString() {
		return this.version + ":" + this.statement + "=" + this.action.name().toLowerCase(Locale.ROOT);
	}

	/**
	 * What to do with a statement whose outcome is unknown.
	 */
	public enum Action {

		/**
		 * Run it again.
		 */
		RETRY,

		/**
		 * Count it as done.
		 */
		SKIP

	}

}
