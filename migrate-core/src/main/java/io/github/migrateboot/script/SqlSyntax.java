package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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
		return hasAnyWord(statement, Set.of(word));
	}

	/**
	 * Return whether a statement has one of several words that is not in a comment, a
	 * string or another quote.
	 * @param statement the statement
	 * @param words the words in upper case
	 * @return whether it has one of them
	 */
	public boolean hasAnyWord(String statement, Set<String> words) {
		Lexer lexer = lexer(statement);
		while (lexer.next()) {
			if (lexer.type() == Lexer.Type.WORD && words.contains(lexer.word())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return whether a statement mentions one of several names, as a word or in quotes of
	 * any kind.
	 * @param statement the statement
	 * @param names the names in lower case
	 * @return whether it mentions one of them
	 */
	public boolean hasName(String statement, Set<String> names) {
		Lexer lexer = lexer(statement);
		while (lexer.next()) {
			String token = statement.substring(lexer.start(), lexer.end()).toLowerCase(Locale.ROOT);
			if (names.contains(token) || (lexer.type() == Lexer.Type.QUOTED && token.length() > 2
					&& names.contains(token.substring(1, token.length() - 1)))) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return the words, quoted texts and symbols of a statement, as they are written.
	 * Blanks and comments are left out; of comments that the server executes only the
	 * borders are.
	 * @param statement the statement
	 * @return the tokens, in order
	 */
	public List<String> tokens(String statement) {
		List<String> tokens = new ArrayList<>();
		Lexer lexer = lexer(statement);
		while (lexer.next()) {
			switch (lexer.type()) {
				case WORD, QUOTED, SYMBOL, DELIMITER -> tokens.add(statement.substring(lexer.start(), lexer.end()));
				case BLANK, COMMENT, MARKER -> {
				}
			}
		}
		return tokens;
	}

	/**
	 * Return the words and quoted names that follow certain words.
	 */
	Set<String> wordsAfter(String statement, Set<String> words) {
		Set<String> found = new HashSet<>();
		Lexer lexer = lexer(statement);
		boolean after = false;
		while (lexer.next()) {
			if (lexer.type() == Lexer.Type.BLANK || lexer.type() == Lexer.Type.COMMENT) {
				continue;
			}
			if (after) {
				found.add(statement.substring(lexer.start(), lexer.end()).replace("`", "").toUpperCase(Locale.ROOT));
			}
			after = lexer.type() == Lexer.Type.WORD && words.contains(lexer.word());
		}
		return found;
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
