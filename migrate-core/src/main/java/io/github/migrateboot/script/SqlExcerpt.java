package io.github.migrateboot.script;

/**
 * The only way in which the text of a statement leaves the engine: into errors, logs, the
 * journal and the endpoint. Credentials are masked, see {@link SqlSecrets}.
 */
public final class SqlExcerpt {

	private static final int LONGEST = 1000;

	private static final int LONGEST_LINE = 200;

	private SqlExcerpt() {
	}

	/**
	 * Return a statement for people, as it is written.
	 * @param sql the statement
	 * @return its beginning
	 */
	public static String of(String sql) {
		String masked = SqlSecrets.mask(sql);
		return (masked.length() <= LONGEST) ? masked : masked.substring(0, LONGEST) + " …";
	}

	/**
	 * Return a statement for people, in one line.
	 * @param sql the statement
	 * @return its beginning
	 */
	public static String line(String sql) {
		String line = SqlSecrets.mask(sql).strip().replaceAll("\\s+", " ");
		return (line.length() <= LONGEST_LINE) ? line : line.substring(0, LONGEST_LINE) + "…";
	}

}
