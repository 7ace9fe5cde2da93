package io.github.migrateboot.script;

import java.util.List;

import org.jspecify.annotations.Nullable;

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
		Lexer lexer(String text) {
			return new PostgresLexer(text);
		}

		@Override
		Nesting nesting() {
			return new PostgresNesting();
		}

	},

	/**
	 * MySQL and MariaDB in their default SQL mode: backslash escapes, executable
	 * comments, bodies of stored programs with and without the {@code DELIMITER} of the
	 * client programs.
	 */
	MYSQL {

		@Override
		Lexer lexer(String text) {
			return new MysqlLexer(text);
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
		Lexer lexer(String text) {
			return new SqliteLexer(text);
		}

		@Override
		Nesting nesting() {
			return new SqliteNesting();
		}

	},

	/**
	 * H2 in its regular mode: {@code $$} quotes, nested comments, {@code //} comments.
	 */
	H2 {

		@Override
		Lexer lexer(String text) {
			return new H2Lexer(text);
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

	abstract Lexer lexer(String text);

	abstract Nesting nesting();

	/**
	 * Return the statements of a script that is no migration file.
	 * @param script the script
	 * @return the texts of its statements, in order; perhaps none
	 */
	public List<String> statements(String script) {
		return split(script).stream().map((piece) -> script.substring(piece.start(), piece.end())).toList();
	}

	/**
	 * Return what a script leaves open at its end, or {@code null}.
	 */
	Lexer.@Nullable Unclosed findUnclosed(String text) {
		Lexer lexer = lexer(text);
		new Splitter(lexer, nesting()).split();
		return lexer.unclosed();
	}

	/**
	 * Split a script into its statements.
	 */
	List<Splitter.Piece> split(String text) {
		return new Splitter(lexer(text), nesting()).split();
	}

}
