package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.failure.MalformedMigrationException;

/**
 * Cuts a file into blocks and refuses what dbmate refuses, in the same order.
 */
final class Blocks {

	private static final String HOW_DIRECTIVES_LOOK = "A directive begins in the first column, in lower case, after two dashes, and a blank or the line's end follows it.";

	private final String file;

	private final String text;

	private final LineIndex lines;

	private final List<Directive> directives;

	Blocks(String file, String text) {
		this.file = file;
		this.text = text;
		this.lines = new LineIndex(text);
		this.directives = Directive.findAll(text);
	}

	/**
	 * Find the blocks.
	 * @return an up block, a down block, and so on
	 */
	List<Block> find() {
		int firstUp = firstUp();
		refuseStatementsBefore(firstUp);
		List<Directive> inSections = this.directives.stream().filter((one) -> one.offset() >= firstUp).toList();
		refuseSecondDowns(inSections);
		refuseMissingDowns(inSections);
		List<Block> blocks = new ArrayList<>();
		for (int i = 0; i < inSections.size(); i++) {
			boolean last = i == inSections.size() - 1;
			blocks.add(new Block(inSections.get(i), last ? this.text.length() : inSections.get(i + 1).offset()));
		}
		return blocks;
	}

	private int firstUp() {
		for (Directive directive : this.directives) {
			if (directive.up()) {
				return directive.offset();
			}
		}
		if (this.text.isBlank()) {
			throw new MalformedMigrationException("%s, line 1: the file is empty.".formatted(this.file),
					"Write a migration into it, from '-- migrate:up' to '-- migrate:down', or remove the file.");
		}
		throw new MalformedMigrationException(
				"%s, line 1: the file has no '-- migrate:up' block.%s".formatted(this.file,
						nearMiss(0, this.text.length())),
				"Write the line '-- migrate:up' above the first statement. " + HOW_DIRECTIVES_LOOK);
	}

	private void refuseStatementsBefore(int firstUp) {
		int lineStart = 0;
		while (lineStart < firstUp) {
			int lineEnd = this.text.indexOf('\n', lineStart);
			int from = lineStart;
			while (from < lineEnd && Directive.isBlank(this.text.charAt(from))) {
				from++;
			}
			if (from < lineEnd && !this.text.startsWith("--", from)) {
				throw new MalformedMigrationException(
						"%s, line %s: something stands before the first '-- migrate:up' (line %s). Only blank lines and lines that begin with '--' may; /* */ and # comments and a lone semicolon may not."
							.formatted(this.file, line(from), line(firstUp)),
						"Move it below '-- migrate:up', or make it a '--' comment.");
			}
			lineStart = lineEnd + 1;
		}
	}

	private void refuseSecondDowns(List<Directive> directives) {
		for (int i = 1; i < directives.size(); i++) {
			if (!directives.get(i).up() && !directives.get(i - 1).up()) {
				throw new MalformedMigrationException(
						"%s, line %s: a second '-- migrate:down' for the same '-- migrate:up'; the first is on line %s. Every line that begins so counts, in a comment or a string too."
							.formatted(this.file, line(directives.get(i).offset()),
									line(directives.get(i - 1).offset())),
						"Leave one '-- migrate:down' for each '-- migrate:up'; indent a line that is not meant as a directive.");
			}
		}
	}

	private void refuseMissingDowns(List<Directive> directives) {
		for (int i = 0; i < directives.size(); i++) {
			boolean last = i == directives.size() - 1;
			if (directives.get(i).up() && (last || directives.get(i + 1).up())) {
				int end = last ? this.text.length() : directives.get(i + 1).offset();
				throw new MalformedMigrationException(
						"%s, line %s: no '-- migrate:down' follows this '-- migrate:up'.%s".formatted(this.file,
								line(directives.get(i).offset()), nearMiss(directives.get(i).offset(), end)),
						"Write the line '-- migrate:down' behind the statements of the block; nothing need follow it. "
								+ HOW_DIRECTIVES_LOOK);
			}
		}
	}

	private String nearMiss(int from, int to) {
		for (int offset : new DirectiveTypos(this.text, this.directives).find()) {
			if (offset >= from && offset < to) {
				return " Line %s looks like a directive and is none.".formatted(line(offset));
			}
		}
		return "";
	}

	private int line(int offset) {
		return this.lines.lineOf(offset);
	}

}
