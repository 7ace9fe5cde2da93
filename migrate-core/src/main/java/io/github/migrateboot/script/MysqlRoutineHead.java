package io.github.migrateboot.script;

import java.util.Set;

/**
 * The head of a procedure or function of MySQL or MariaDB: tells where the body begins. A
 * procedure's may be any statement, so it is what is no characteristic that begins it.
 */
final class MysqlRoutineHead {

	enum Part {

		HEAD,

		/** What begins behind this token is a body with declarations before its BEGIN. */
		BEFORE_DECLARATIONS,

		/** The token is the first of the body. */
		BODY,

		/** The token ends a declaration without a body, in a package. */
		END

	}

	/** A function returns something, so its body can begin with nothing else. */
	private static final Set<String> FUNCTION_BODIES = Set.of("RETURN", "BEGIN", "IF", "CASE", "LOOP", "WHILE",
			"REPEAT", "FOR");

	private final boolean function;

	private int parentheses;

	/** The parameters are behind us. */
	private boolean parameters;

	/** The type that a function returns is announced as in the default mode. */
	private boolean returns;

	/** Words that still belong to a characteristic. */
	private int rest;

	MysqlRoutineHead(boolean function) {
		this.function = function;
	}

	Part accept(String word, boolean name, String previous) {
		if ("(".equals(word) && !(beginsBody() && !"USING".equals(previous))) {
			this.parentheses++;
			return Part.HEAD;
		}
		if (")".equals(word)) {
			this.parentheses--;
			this.parameters |= this.parentheses == 0;
			return Part.HEAD;
		}
		if (";".equals(word)) {
			return Part.END;
		}
		return (this.parentheses == 0) ? part(word, name) : Part.HEAD;
	}

	/**
	 * Whether a token that is no characteristic begins the body.
	 */
	private boolean beginsBody() {
		return this.parameters && !this.function && this.parentheses == 0;
	}

	private Part part(String word, boolean name) {
		if (this.rest > 0) {
			this.rest--;
			return Part.HEAD;
		}
		if (!name && ("AS".equals(word) || "IS".equals(word))) {
			return Part.BEFORE_DECLARATIONS;
		}
		if (!this.parameters) {
			return Part.HEAD;
		}
		if (this.function) {
			this.returns |= "RETURNS".equals(word);
			return (this.returns && !name && FUNCTION_BODIES.contains(word)) ? Part.BODY : Part.HEAD;
		}
		return (!name && isCharacteristic(word)) ? Part.HEAD : Part.BODY;
	}

	private boolean isCharacteristic(String word) {
		switch (word) {
			case "NOT", "DETERMINISTIC", "USING" -> this.rest = 0;
			case "COMMENT", "LANGUAGE", "NO", "CONTAINS" -> this.rest = 1;
			case "READS", "MODIFIES", "SQL" -> this.rest = 2;
			default -> {
				return false;
			}
		}
		return true;
	}

}
