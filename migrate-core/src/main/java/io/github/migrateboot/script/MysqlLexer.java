package io.github.migrateboot.script;

/**
 * The tokens of MySQL and MariaDB in their default SQL mode, and the {@code DELIMITER}
 * command of their client programs.
 */
final class MysqlLexer extends Lexer {

	private int executableComments;

	private boolean afterAs;

	MysqlLexer(String text) {
		super(text);
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
		int to = from;
		if (this.text.startsWith("/*!", from)) {
			to += 3;
		}
		else if (this.text.startsWith("/*M!", from)) {
			to += 4;
		}
		else if (this.executableComments > 0 && this.text.startsWith("*/", from)) {
			this.executableComments--;
			return from + 2;
		}
		else {
			return -1;
		}
		this.executableComments++;
		while (charAt(to) >= '0' && charAt(to) <= '9') {
			to++;
		}
		return to;
	}

	@Override
	int comment(int from) {
		char c = this.text.charAt(from);
		if (c == '#' || (this.text.startsWith("--", from) && isControlOrSpace(from + 2))) {
			return lineComment(from);
		}
		return this.text.startsWith("/*", from) ? blockComment(from, false) : -1;
	}

	private boolean isControlOrSpace(int position) {
		char c = charAt(position);
		return c <= ' ' || c == 0x7f;
	}

	@Override
	int quoted(int from) {
		char c = this.text.charAt(from);
		if (c == '\'' || c == '"' || c == '`') {
			return quotation(from, from + 1, c, c != '`');
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
