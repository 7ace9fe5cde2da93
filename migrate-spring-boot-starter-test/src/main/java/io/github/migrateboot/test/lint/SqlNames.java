package io.github.migrateboot.test.lint;

/**
 * Names as they are written in a statement: quoted where they have to be.
 */
final class SqlNames {

	private SqlNames() {
	}

	/**
	 * Return a name without its schema.
	 * @param name the name, as it is written in a statement
	 */
	static String unqualified(String name) {
		char last = name.charAt(name.length() - 1);
		int start = isQuote(last) ? name.lastIndexOf(last, name.length() - 2) : name.lastIndexOf('.') + 1;
		return name.substring(start);
	}

	/**
	 * Return the name that begins with another one.
	 * @param name the other one, as it is written in a statement, without a schema
	 * @param suffix what is put behind it; letters and underscores
	 */
	static String with(String name, String suffix) {
		char last = name.charAt(name.length() - 1);
		return isQuote(last) ? name.substring(0, name.length() - 1) + suffix + last : name + suffix;
	}

	private static boolean isQuote(char c) {
		return c == '"' || c == '`';
	}

}
