package io.github.migrateboot.script;

import java.util.Set;

/**
 * MySQL and MariaDB: finds the bodies of stored programs, written without
 * {@code DELIMITER}, and MariaDB's compound statements. What a body holds is
 * {@link MysqlBody}'s business.
 */
final class MysqlNesting implements Nesting {

	/**
	 * Words that begin a body of one statement, if none of {@link MysqlBody#BLOCK_WORDS}
	 * does.
	 */
	private static final Set<String> BODY_WORDS = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "CALL",
			"WITH", "DO", "VALUES", "EXECUTE", "PREPARE", "SIGNAL", "CREATE", "DROP", "ALTER", "TRUNCATE", "SET");

	private enum Phase {

		FIRST, AFTER_FIRST, CREATE, SIMPLE, ROUTINE, TRIGGER, EVENT, BODY

	}

	private final MysqlBody body = new MysqlBody();

	private Phase phase = Phase.FIRST;

	private String previous = "";

	private int executableComments;

	private boolean definer;

	/** In the head of a routine. */
	private int parentheses;

	/** In the head of a routine: its parameters are behind us. */
	private boolean parameters;

	/** In the head of a routine: RETURN, either a type's or the body. */
	private boolean returning;

	@Override
	public void begin() {
		this.body.begin();
		this.phase = Phase.FIRST;
		this.previous = "";
		this.executableComments = 0;
		this.definer = false;
	}

	@Override
	public boolean holds() {
		return this.body.isOpen() || this.executableComments > 0;
	}

	@Override
	public void accept(Lexer token) {
		String word = token.word();
		if (token.type() == Lexer.Type.MARKER) {
			this.executableComments += word.startsWith("/*") ? 1 : -1;
			return;
		}
		boolean name = token.type() != Lexer.Type.WORD || ".".equals(this.previous) || "@".equals(this.previous);
		switch (this.phase) {
			case FIRST -> first(word);
			case AFTER_FIRST -> afterFirst(word);
			case CREATE -> create(word, name);
			case ROUTINE -> routine(word, name);
			case TRIGGER -> enterBodyIf("ROW".equals(word) && "EACH".equals(this.previous));
			case EVENT -> enterBodyIf("DO".equals(word) && !name);
			case BODY -> body(word, name);
			case SIMPLE -> {
			}
		}
		this.previous = word;
	}

	private void first(String word) {
		if ("CREATE".equals(word) || "ALTER".equals(word)) {
			this.phase = Phase.CREATE;
		}
		else if (MysqlBody.BLOCK_WORDS.contains(word) && !"BEGIN".equals(word)) {
			enterBodyIf(true);
			body(word, false);
		}
		else {
			this.phase = Phase.AFTER_FIRST;
		}
	}

	private void afterFirst(String word) {
		if ("NOT".equals(word) && "BEGIN".equals(this.previous)) {
			this.phase = Phase.BODY;
			this.body.enterNotAtomic();
		}
		else {
			this.phase = Phase.SIMPLE;
		}
	}

	private void create(String word, boolean name) {
		switch (name ? "" : word) {
			case "PROCEDURE", "FUNCTION" -> beginRoutine();
			case "TRIGGER" -> this.phase = Phase.TRIGGER;
			case "EVENT" -> this.phase = Phase.EVENT;
			case "PACKAGE" -> {
				this.phase = Phase.BODY;
				this.body.enterPackage();
			}
			case "DEFINER" -> this.definer = true;
			case "OR", "REPLACE", "AGGREGATE" -> {
			}
			default -> {
				if (!this.definer || "VIEW".equals(word)) {
					this.phase = Phase.SIMPLE;
				}
			}
		}
	}

	private void beginRoutine() {
		this.phase = Phase.ROUTINE;
		this.parentheses = 0;
		this.parameters = false;
		this.returning = false;
	}

	private void routine(String word, boolean name) {
		switch (word) {
			case "(" -> this.parentheses++;
			case ")" -> {
				this.parentheses--;
				this.parameters |= this.parentheses == 0;
			}
			case ";" -> enterBodyIf(true);
			default -> {
				if (!name && this.parentheses == 0) {
					routineWord(word);
				}
			}
		}
	}

	private void routineWord(String word) {
		if ("AS".equals(word) || "IS".equals(word)) {
			enterBodyIf(true);
			this.body.expectBegin();
		}
		else if ("RETURN".equals(word)) {
			this.returning = true;
		}
		else if (this.parameters && MysqlBody.BLOCK_WORDS.contains(word)) {
			enterBodyIf(true);
			if ("BEGIN".equals(word)) {
				this.body.expectBegin();
			}
			else if (this.returning) {
				this.body.enterExpression();
			}
			body(word, false);
		}
		else if (this.parameters && BODY_WORDS.contains(word) && !isTypeOrCharacterSet(word)) {
			enterBodyIf(true);
			body(word, false);
		}
	}

	private boolean isTypeOrCharacterSet(String word) {
		return "SET".equals(word) && ("RETURNS".equals(this.previous) || "CHARACTER".equals(this.previous));
	}

	private void enterBodyIf(boolean condition) {
		if (condition) {
			this.phase = Phase.BODY;
			this.body.enter();
		}
	}

	private void body(String word, boolean name) {
		if (this.body.isRoutineInPackage(word, name)) {
			beginRoutine();
		}
		else {
			this.body.accept(word, name, this.previous);
		}
	}

}
