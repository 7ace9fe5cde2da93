package io.github.migrateboot.script;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The rules by which one server reads SQL.
 *
 * @param syntax the syntax
 * @param version the server's version as it gives it, which decides what MySQL and
 * MariaDB execute of their executable comments; empty if it is not known
 * @param mode the session's mode, as far as the server has any: {@code sql_mode} of MySQL
 * and MariaDB, the compatibility mode of H2; else empty
 * @param defaultMode the mode to which a session sets itself when it sets it to the
 * default
 */
public record SqlRules(SqlSyntax syntax, String version, String mode, String defaultMode) {

	/**
	 * Create the rules of a server of which nothing is known but its kind.
	 * @param syntax the syntax
	 */
	public SqlRules(SqlSyntax syntax) {
		this(syntax, "", "", "");
	}

	/**
	 * Return the statements of a script that is no migration file.
	 * @param script the script
	 * @return the texts of its statements, in order; perhaps none
	 */
	public List<String> statements(String script) {
		return split(script).stream().map((piece) -> script.substring(piece.start(), piece.end())).toList();
	}

	/**
	 * Return the rules of a session that has executed a script.
	 * @param script the script, or {@code null} if there is none
	 * @return the rules by which it reads what comes next
	 */
	public SqlRules after(@Nullable String script) {
		if (script == null) {
			return this;
		}
		Lexer lexer = lexer(script);
		split(lexer);
		return new SqlRules(this.syntax, this.version, lexer.mode(), this.defaultMode);
	}

	/**
	 * Return a lexer of a text that a new session reads.
	 */
	Lexer lexer(String text) {
		return this.syntax.lexer(text, this.version, this.mode, this.defaultMode);
	}

	/**
	 * Split a script into its statements.
	 */
	List<Splitter.Piece> split(String text) {
		return split(lexer(text));
	}

	/**
	 * Split a text that a session reads after others.
	 */
	List<Splitter.Piece> split(Lexer lexer) {
		return new Splitter(lexer, this.syntax.nesting()).split();
	}

}
