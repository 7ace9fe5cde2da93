package io.github.migrateboot.script;

import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.MalformedMigrationException;

/**
 * Refuses what only {@code psql} can do, because the server would refuse it later and
 * with less to say about it.
 *
 * @param file the file
 * @param lines its lines
 */
record PsqlCommands(String file, LineIndex lines) {

	/**
	 * Refuse a statement if it is, or has, a command to psql.
	 * @param statement its text
	 * @param offset where it begins in the file
	 * @param hasData whether the data that it may read follow it
	 */
	void refuse(String statement, int offset, boolean hasData) {
		if (PostgresLexer.copiesToClient(statement)) {
			throw refusal(offset, FailureText.of("COPY … TO STDOUT writes to a client, and here is none."),
					"Remove it. To copy rows into another table write insert into … select; to export them use psql.");
		}
		if (PostgresLexer.copiesFromClient(statement) && !hasData) {
			throw refusal(offset, FailureText
				.of("COPY … FROM STDIN reads its data from the lines after it, up to a line that has only"
						+ " \\., and here is no such line in the block, or something else stands on the line of COPY."),
					"Write the data in the lines after COPY and \\. in a line of its own after them; or use insert.");
		}
		// Where a backslash may escape a quote, what looks like a command may be text.
		if (statement.indexOf('\\') >= 0 && !statement.contains("\\'")) {
			refuseCommand(statement, offset);
		}
	}

	private void refuseCommand(String statement, int offset) {
		Lexer lexer = new PostgresLexer(statement);
		while (lexer.next()) {
			if (lexer.type() == Lexer.Type.SYMBOL && "\\".equals(lexer.word())) {
				String command = command(statement, lexer.start());
				throw refusal(offset + lexer.start(),
						new FailureText(command, "This").and(" is a command to psql, which takes no part here."),
						instead(command));
			}
		}
	}

	private static String command(String text, int from) {
		int to = from + 1;
		while (to < text.length() && text.charAt(to) > ' ' && text.charAt(to) != ';' && text.charAt(to) != '\\') {
			to++;
		}
		return text.substring(from, to);
	}

	private static String instead(String command) {
		return switch (command) {
			case "\\copy" ->
				"Write COPY … FROM STDIN; with the data in the lines after it and \\. in a line of its own.";
			case "\\i", "\\ir", "\\include", "\\include_relative" -> "Put the statements of the other file here.";
			case "\\c", "\\connect" -> "Remove it: a migration runs in the database that its connection leads to.";
			case "\\gexec" -> "Write a do block that executes the statements.";
			case "\\set", "\\gset", "\\if", "\\elif", "\\else", "\\endif" ->
				"Write the values where they are needed, or a do block with variables.";
			case "\\g", "\\gx" -> "Write a semicolon instead.";
			default -> "Remove it, or write SQL that does the same.";
		};
	}

	private MalformedMigrationException refusal(int offset, FailureText what, String instead) {
		return new MalformedMigrationException(
				FailureText.of(this.file + ", line " + this.lines.lineOf(offset) + ": ").and(what), instead, null);
	}

}
