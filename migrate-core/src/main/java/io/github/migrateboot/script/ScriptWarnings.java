package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds what dbmate reads otherwise than its author probably meant.
 */
final class ScriptWarnings {

	private static final int LONGEST_EXCERPT = 60;

	private final SqlRules rules;

	private final String text;

	private final List<Block> blocks;

	private final LineIndex lines;

	private final List<String> warnings = new ArrayList<>();

	ScriptWarnings(SqlRules rules, String text, List<Block> blocks) {
		this.rules = rules;
		this.text = text;
		this.blocks = blocks;
		this.lines = new LineIndex(text);
	}

	/**
	 * Find, once.
	 * @return a sentence each, with its line
	 */
	List<String> find() {
		Lexer lexer = this.rules.lexer("");
		for (int i = 0; i < this.blocks.size(); i++) {
			Block block = this.blocks.get(i);
			checkOptions(block.directive());
			checkTwoDashes(block.directive());
			if (i < this.blocks.size() - 1) {
				lexer = lexer.on(block.text(this.text));
				checkUnclosed(lexer, block, this.blocks.get(i + 1).directive());
			}
		}
		List<Directive> directives = Directive.findAll(this.text);
		checkIgnored(directives);
		checkNearMisses(directives);
		checkAllowances();
		return this.warnings;
	}

	private void checkOptions(Directive directive) {
		List<String> options = directive.options();
		for (int i = 0; i < options.size(); i++) {
			String option = options.get(i);
			String next = (i + 1 < options.size()) ? options.get(i + 1) : "";
			if (isMisspelt(option, next)) {
				warn(directive.offset(),
						"the option '%s' is not understood, so it does not change whether the block runs in a transaction; only 'transaction:false' switches the transaction off."
							.formatted(excerpt(spelling(option, next))));
			}
		}
	}

	private static boolean isMisspelt(String option, String next) {
		String lowerCase = option.toLowerCase(Locale.ROOT);
		if ("transaction:false".equals(option) || "transaction:true".equals(option)) {
			return false;
		}
		String key = lowerCase.split("[:=]", 2)[0];
		boolean pair = key.length() < lowerCase.length() || key.startsWith("no");
		return (key.contains("trans") || key.startsWith("tx")) && (pair || isValue(next));
	}

	/**
	 * Whether a word behind {@code transaction} is the value that was to go with it.
	 */
	private static boolean isValue(String word) {
		String lowerCase = word.toLowerCase(Locale.ROOT);
		return lowerCase.startsWith(":") || lowerCase.startsWith("=")
				|| List.of("false", "off", "no").contains(lowerCase);
	}

	private static String spelling(String option, String next) {
		return (option.endsWith(":") || option.endsWith("=") || isValue(next)) ? (option + " " + next).strip() : option;
	}

	/**
	 * The directive's line is part of what is sent.
	 */
	private void checkTwoDashes(Directive directive) {
		if (this.rules.syntax() == SqlSyntax.MYSQL && directive.up()
				&& this.text.startsWith("--m", directive.offset())) {
			warn(directive.offset(),
					"'--migrate:up' without a blank after the dashes is a directive, but no comment for the server, which will refuse it as part of the first statement.");
		}
	}

	private void checkUnclosed(Lexer lexer, Block block, Directive next) {
		this.rules.split(lexer);
		Lexer.Unclosed unclosed = lexer.unclosed();
		if (unclosed != null) {
			warn(next.offset(),
					"'%s' stands in %s that begins on line %s; it is taken as a directive all the same and ends the block."
						.formatted(next.name(), unclosed.what(), this.lines.lineOf(block.start() + unclosed.offset())));
		}
	}

	private void checkIgnored(List<Directive> directives) {
		for (Directive directive : directives) {
			if (directive.offset() < this.blocks.get(0).start()) {
				warn(directive.offset(), "'%s' stands before the first '-- migrate:up' and is taken as a comment."
					.formatted(directive.name()));
			}
		}
	}

	private void checkNearMisses(List<Directive> directives) {
		for (int offset : new DirectiveTypos(this.text, directives).find()) {
			int lineStart = this.lines.startOf(offset);
			int from = (offset - lineStart < LONGEST_EXCERPT / 2) ? lineStart : offset;
			int to = Math.min(this.text.length(), from + 2 * LONGEST_EXCERPT);
			String line = this.text.substring(from, to).lines().findFirst().orElse("");
			warn(offset,
					"'%s' looks like a directive and is none: a directive begins in the first column, in lower case, and a blank or the line's end follows it."
						.formatted(excerpt(line)));
		}
	}

	private void checkAllowances() {
		for (Allowance allowance : Allowance.findAll(this.text, this.lines)) {
			if (allowance.hazard().isEmpty() || allowance.reason().isEmpty()) {
				warnAtLine(allowance.line(),
						"'-- migrate:allow' without a reason allows nothing; write '-- migrate:allow %s: <reason>'."
							.formatted(allowance.hazard().isEmpty() ? "<id>" : excerpt(allowance.hazard())));
			}
		}
	}

	private void warn(int offset, String sentence) {
		warnAtLine(this.lines.lineOf(offset), sentence);
	}

	private void warnAtLine(int line, String sentence) {
		this.warnings.add("Line %s: %s".formatted(line, sentence));
	}

	private static String excerpt(String line) {
		String printable = line.stripTrailing().replaceAll("\\p{Cntrl}", " ");
		return (printable.length() <= LONGEST_EXCERPT) ? printable : printable.substring(0, LONGEST_EXCERPT) + "…";
	}

}
