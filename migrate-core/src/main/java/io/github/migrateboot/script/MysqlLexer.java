package io.github.migrateboot.script;

/**
 * The tokens of MySQL and MariaDB, and the {@code DELIMITER} command of their client
 * programs.
 */
final class MysqlLexer extends Lexer {

	private static final int SHORTEST_VERSION = 5;

	private static final int LONGEST_VERSION = 6;

	private final MysqlSession session;

	private int executableComments;

	private boolean afterAs;

	MysqlLexer(String text, MysqlSession session) {
		super(text);
		this.session = session;
	}

	@Override
	Lexer on(String next) {
		return new MysqlLexer(next, this.session);
	}

	@Override
	String mode() {
		return this.session.mode();
	}

	@Override
	void set(String statement) {
		new MysqlSet(this.session).apply(on(statement));
	}

	@Override
	boolean next() {
		if (type() != Type.BLANK && type() != Type.COMMENT) {
			this.afterAs = type() == Type.WORD && "AS".equals(word());
		}
		return super.next();
	}

	@Override
	int marker(int from) {
		if (this.executableComments > 0 && this.text.startsWith("*/", from)) {
			this.executableComments--;
			return from + 2;
		}
		int digits = executableComment(from);
		if (digits < 0) {
			return -1;
		}
		int to = versionEnd(digits);
		int version = (to > digits) ? Integer.parseInt(this.text.substring(digits, to)) : 0;
		if (!this.session.executes(digits - from > 3, version)) {
			return -1;
		}
		this.executableComments++;
		return to;
	}

	/**
	 * Where the border of a comment begins that some server executes, the end of the
	 * border without its version, else -1.
	 */
	private int executableComment(int from) {
		if (this.text.startsWith("/*!", from)) {
			return from + 3;
		}
		return this.text.startsWith("/*M!", from) ? from + 4 : -1;
	}

	private int versionEnd(int from) {
		int to = from;
		while (to - from < LONGEST_VERSION && charAt(to) >= '0' && charAt(to) <= '9') {
			to++;
		}
		return (to - from < SHORTEST_VERSION) ? from : to;
	}

	@Override
	int comment(int from) {
		char c = this.text.charAt(from);
		if (c == '#' || (this.text.startsWith("--", from) && isControlOrSpace(from + 2))) {
			return lineComment(from);
		}
		if (!this.text.startsWith("/*", from)) {
			return -1;
		}
		// In one that is skipped for its version there may be another.
		return blockComment(from, (executableComment(from) < 0) ? 1 : 2);
	}

	private boolean isControlOrSpace(int position) {
		char c = charAt(position);
		return c <= ' ' || c == 0x7f;
	}

	@Override
	int quoted(int from) {
		char c = this.text.charAt(from);
		if (c == '\'' || c == '"' || c == '`') {
			boolean string = c == '\'' || (c == '"' && !this.session.hasAnsiQuotes());
			return quotation(from, from + 1, c, string && this.session.hasBackslashEscapes());
		}
		if (c == '[' && this.session.hasBrackets()) {
			return quotation(from, from + 1, ']', false);
		}
		// Only the body of a stored program in another language is dollar-quoted;
		// elsewhere the dollar belongs to a name.
		String tag = (c == '$' && this.afterAs) ? dollarTag(from) : null;
		return (tag != null && this.text.indexOf(tag, from + tag.length()) > 0)
				? quotationUntil(from, from + tag.length(), tag) : -1;
	}

	@Override
	boolean command() {
		if (type() != Type.WORD || !"DELIMITER".equals(word()) || !isFirstInLine()) {
			return false;
		}
		int to = lineComment(end());
		String argument = this.text.substring(end(), to).strip();
		int blank = 0;
		while (blank < argument.length() && !isBlank(argument.charAt(blank))) {
			blank++;
		}
		String delimiter = unquote(argument.substring(0, blank));
		if (delimiter.isEmpty()) {
			return false;
		}
		setDelimiter(delimiter, to);
		return true;
	}

	private boolean isFirstInLine() {
		int before = start() - 1;
		while (before >= 0 && this.text.charAt(before) != '\n') {
			if (!isBlank(this.text.charAt(before--))) {
				return false;
			}
		}
		return true;
	}

	private static String unquote(String argument) {
		int last = argument.length() - 1;
		boolean quoted = last > 0 && (argument.charAt(0) == '\'' || argument.charAt(0) == '"')
				&& argument.charAt(0) == argument.charAt(last);
		return quoted ? argument.substring(1, last) : argument;
	}

}
