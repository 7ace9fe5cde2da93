package io.github.migrateboot.script;

import java.util.List;

/**
 * The lexical rules by which a script is split into statements.
 */
public enum SqlSyntax {

	/**
	 * PostgreSQL: dollar quotes, {@code E''} strings, nested comments,
	 * {@code BEGIN ATOMIC} bodies, {@code CREATE RULE} with several commands.
	 */
	POSTGRESQL {

		@Override
		Lexer lexer(String text, String version, String mode, String defaultMode) {
			return new PostgresLexer(text);
		}

		@Override
		Nesting nesting() {
			return new PostgresNesting();
		}

	},

	/**
	 * MySQL and MariaDB: backslash escapes, executable comments, bodies of stored
	 * programs with and without the {@code DELIMITER} of the client programs.
	 */
	MYSQL {

		@Override
		Lexer lexer(String text, String version, String mode, String defaultMode) {
			return new MysqlLexer(text, new MysqlSession(version, mode, defaultMode));
		}

		@Override
		Nesting nesting() {
			return new MysqlNesting();
		}

	},

	/**
	 * SQLite: four kinds of quotes, bodies of triggers.
	 */
	SQLITE {

		@Override
		Lexer lexer(String text, String version, String mode, String defaultMode) {
			return new SqliteLexer(text);
		}

		@Override
		Nesting nesting() {
			return new SqliteNesting();
		}

	},

	/**
	 * H2: {@code $$} quotes, nested comments, {@code //} comments.
	 */
	H2 {

		@Override
		Lexer lexer(String text, String version, String mode, String defaultMode) {
			return new H2Lexer(text, mode);
		}

		@Override
		Nesting nesting() {
			return new NoNesting();
		}

	};

	/**
	 * Return whether a statement has a word that is not in a comment, a string or another
	 * quote.
	 * @param statement the statement
	 * @param word the word in upper case
	 * @return whether it has the word
	 */
	public boolean hasWord(String statement, String word) {
		Lexer lexer = lexer(statement);
		while (lexer.next()) {
			if (lexer.type() == Lexer.Type.WORD && word.equals(lexer.word())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return a lexer of a text; see {@code SqlRules} for what else is told.
	 */
	abstract Lexer lexer(String text, String version, String mode, String defaultMode);

	/**
	 * Return a lexer where no server is known.
	 */
	Lexer lexer(String text) {
		return lexer(text, "", "", "");
	}

	abstract Nesting nesting();

	/**
	 * Split a script into its statements, where no server is known.
	 */
	List<Splitter.Piece> split(String text) {
		return new Splitter(lexer(text), nesting()).split();
	}

}
