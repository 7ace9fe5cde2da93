package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the assignments of a {@code SET} statement of MySQL or MariaDB.
 */
final class MysqlSet {

	private static final Set<String> SCOPES = Set.of("GLOBAL", "PERSIST", "PERSIST_ONLY", "SESSION", "LOCAL");

	private final MysqlSession session;

	/** Holds for what follows too. */
	private String scope = "SESSION";

	MysqlSet(MysqlSession session) {
		this.session = session;
	}

	/**
	 * Apply the assignments to the session that executes them, in order.
	 * @param lexer the statement's tokens
	 */
	void apply(Lexer lexer) {
		List<String> assignment = new ArrayList<>();
		boolean first = true;
		int parentheses = 0;
		while (lexer.next()) {
			String token = token(lexer);
			if (token.isEmpty()) {
				continue;
			}
			parentheses += "(".equals(token) ? 1 : ")".equals(token) ? -1 : 0;
			if (",".equals(token) && parentheses == 0) {
				assign(assignment);
				assignment.clear();
			}
			else if (!first) {
				assignment.add(token);
			}
			first = false;
		}
		assign(assignment);
	}

	/**
	 * Return a word or name in upper case, a string with its quotes, nothing for what is
	 * no part of the grammar.
	 */
	private static String token(Lexer lexer) {
		String token = lexer.text().substring(lexer.start(), lexer.end()).toUpperCase(Locale.ROOT);
		return switch (lexer.type()) {
			case BLANK, COMMENT, MARKER -> "";
			default -> token.startsWith("`") ? token.replace("`", "") : token;
		};
	}

	private void assign(List<String> tokens) {
		int equals = tokens.indexOf("=");
		if (equals < 1) {
			return;
		}
		List<String> value = tokens.subList(equals + 1, tokens.size());
		int end = ":".equals(tokens.get(equals - 1)) ? equals - 1 : equals;
		List<String> target = tokens.subList(0, end).stream().filter((token) -> !".".equals(token)).toList();
		if (target.isEmpty() || "STATEMENT".equals(target.get(0))) {
			return;
		}
		String name = target.get(target.size() - 1);
		boolean system = target.size() > 2 && "@".equals(target.get(0)) && "@".equals(target.get(1));
		if (!system && "@".equals(target.get(0))) {
			this.session.setVariable(name, value);
			return;
		}
		String said = target.get(system ? 2 : 0);
		boolean scoped = SCOPES.contains(said);
		if (scoped && !system) {
			this.scope = said;
		}
		if ("SQL_MODE".equals(name)) {
			setMode(scoped ? said : (system ? "SESSION" : this.scope), value);
		}
	}

	private void setMode(String scope, List<String> value) {
		switch (scope) {
			case "GLOBAL", "PERSIST" -> this.session.setGlobalMode(value);
			case "PERSIST_ONLY" -> {
			}
			default -> this.session.setMode(value);
		}
	}

}
