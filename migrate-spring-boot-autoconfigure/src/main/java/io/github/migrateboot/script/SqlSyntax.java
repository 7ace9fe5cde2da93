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

	abstract Lexer lexer(String text);

	abstract Nesting nesting();

	/**
	 * Split a script into its statements.
	 */
	List<Splitter.Piece> split(String text) {
		return new Splitter(lexer(text), nesting()).split();
	}

}
