package io.github.migrateboot.safety;

import java.util.ArrayList;
import java.util.List;

/**
 * Words, quoted texts and symbols of a statement, or of a part of one, as they are
 * written. Keywords are compared in any case.
 *
 * @param tokens the tokens, without blanks and comments
 */
public record Words(List<String> tokens) {

	public Words {
		tokens = List.copyOf(tokens);
	}

	/**
	 * Return whether these words come first.
	 * @param words the words, separated by a blank each
	 * @return whether they do
	 */
	public boolean start(String words) {
		return isAt(0, words.split(" "));
	}

	/**
	 * Return whether these words follow each other somewhere, also in parentheses.
	 * @param words the words, separated by a blank each
	 * @return whether they do
	 */
	public boolean have(String words) {
		String[] wanted = words.split(" ");
		for (int i = 0; i < this.tokens.size(); i++) {
			if (isAt(i, wanted)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return what follows the first of some words.
	 * @param count how many are left out
	 * @return the rest, perhaps nothing
	 */
	public Words after(int count) {
		return new Words(this.tokens.subList(Math.min(count, this.tokens.size()), this.tokens.size()));
	}

	/**
	 * Leave out optional words that come first.
	 * @param words the words, separated by a blank each
	 * @return what follows them, or all of it if they don't come first
	 */
	public Words without(String words) {
		return start(words) ? after(words.split(" ").length) : this;
	}

	/**
	 * Return a token.
	 * @param index its index, from 0
	 * @return the token, or an empty text if there is none
	 */
	public String get(int index) {
		return (index < this.tokens.size()) ? this.tokens.get(index) : "";
	}

	/**
	 * Leave out whatever stands in parentheses.
	 * @return the rest
	 */
	public Words outsideParentheses() {
		List<String> outside = new ArrayList<>();
		int depth = 0;
		for (String token : this.tokens) {
			depth -= token.equals(")") ? 1 : 0;
			if (depth == 0 && !token.equals("(") && !token.equals(")")) {
				outside.add(token);
			}
			depth += token.equals("(") ? 1 : 0;
		}
		return new Words(outside);
	}

	/**
	 * Return what the commas separate that don't stand in parentheses.
	 * @return the parts
	 */
	public List<Words> parts() {
		List<Words> parts = new ArrayList<>();
		int depth = 0;
		int from = 0;
		for (int i = 0; i < this.tokens.size(); i++) {
			depth += get(i).equals("(") ? 1 : get(i).equals(")") ? -1 : 0;
			if (depth == 0 && get(i).equals(",")) {
				parts.add(new Words(this.tokens.subList(from, i)));
				from = i + 1;
			}
		}
		parts.add(after(from));
		return parts;
	}

	/**
	 * Return the words with blanks between them, as SQL can be written again.
	 */
	@Override
	public String toString() {
		return String.join(" ", this.tokens)
			.replace(" ( ", " (")
			.replace(" )", ")")
			.replace(" ,", ",")
			.replace(" . ", ".");
	}

	private boolean isAt(int index, String[] words) {
		if (index + words.length > this.tokens.size()) {
			return false;
		}
		for (int i = 0; i < words.length; i++) {
			if (!words[i].equalsIgnoreCase(this.tokens.get(index + i))) {
				return false;
			}
		}
		return true;
	}

}
