package io.github.migrateboot.script;

/**
 * MySQL and MariaDB: finds the bodies of stored programs, written without
 * {@code DELIMITER}, and MariaDB's compound statements. What a body holds is
 * {@link MysqlBody}'s business.
 * <p>
 * What MariaDB takes only with {@code sql_mode=ORACLE} is a syntax error otherwise, so
 * the mode need not be known.
 */
final class MysqlNesting implements Nesting {

	private enum Phase {

		FIRST, BEGIN, SET, SET_STATEMENT, CREATE, ALTER, SIMPLE, ROUTINE, TRIGGER, EVENT, BODY

	}

	private final MysqlBody body = new MysqlBody();

	private MysqlRoutineHead head = new MysqlRoutineHead(false);

	private Phase phase = Phase.FIRST;

	private String previous = "";

	private int executableComments;

	private boolean definer;

	/** In the values of SET STATEMENT. */
	private int parentheses;

	@Override
	public void begin() {
		this.body.begin();
		this.phase = Phase.FIRST;
		this.previous = "";
		this.executableComments = 0;
		this.definer = false;
		this.parentheses = 0;
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
			case BEGIN -> afterBegin(word, name);
			case SET -> this.phase = "STATEMENT".equals(word) ? Phase.SET_STATEMENT : Phase.SIMPLE;
			case SET_STATEMENT -> setStatement(word, name);
			case CREATE, ALTER -> create(word, name || "=".equals(this.previous));
			case ROUTINE -> routine(word, name);
			case TRIGGER -> enterBodyIf("ROW".equals(word) && "EACH".equals(this.previous));
			case EVENT -> enterBodyIf("DO".equals(word) && !name && !isNameOfEvent());
			case BODY -> body(word, name);
			case SIMPLE -> {
			}
		}
		this.previous = word;
	}

	private void first(String word) {
		switch (word) {
			case "CREATE" -> this.phase = Phase.CREATE;
			case "ALTER" -> this.phase = Phase.ALTER;
			case "BEGIN" -> this.phase = Phase.BEGIN;
			case "SET" -> this.phase = Phase.SET;
			case "DECLARE", "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR" -> {
				enterBodyIf(true);
				body(word, false);
			}
			default -> this.phase = Phase.SIMPLE;
		}
	}

	/**
	 * What follows {@code BEGIN} is in a block, unless it is one of the words that mean a
	 * transaction, of which the servers know only the first.
	 */
	private void afterBegin(String word, boolean name) {
		if ("WORK".equals(word) || "TRANSACTION".equals(word)) {
			this.phase = Phase.SIMPLE;
		}
		else {
			enterBodyIf(true);
			body("BEGIN", false);
			this.previous = "BEGIN";
			body(word, name);
		}
	}

	private void setStatement(String word, boolean name) {
		switch (word) {
			case "(" -> this.parentheses++;
			case ")" -> this.parentheses--;
			case "FOR" -> {
				if (this.parentheses == 0 && !name) {
					this.phase = Phase.FIRST;
				}
			}
			default -> {
			}
		}
	}

	private void create(String word, boolean name) {
		if (this.phase == Phase.ALTER && !name && !"EVENT".equals(word) && !"DEFINER".equals(word)) {
			this.phase = (this.definer && !"VIEW".equals(word)) ? Phase.ALTER : Phase.SIMPLE;
			return;
		}
		switch (name ? "" : word) {
			case "PROCEDURE", "FUNCTION" -> beginRoutine(word);
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

	private boolean isNameOfEvent() {
		return "EVENT".equals(this.previous) || "EXISTS".equals(this.previous);
	}

	private void beginRoutine(String word) {
		this.phase = Phase.ROUTINE;
		this.head = new MysqlRoutineHead("FUNCTION".equals(word));
	}

	private void routine(String word, boolean name) {
		switch (this.head.accept(word, name, this.previous)) {
			case HEAD -> {
			}
			case END -> enterBodyIf(true);
			case BEFORE_DECLARATIONS -> {
				enterBodyIf(true);
				this.body.expectBegin();
			}
			case BODY -> {
				this.phase = Phase.BODY;
				this.body.enterRoutine();
				body(word, name);
			}
		}
	}

	private void enterBodyIf(boolean condition) {
		if (condition) {
			this.phase = Phase.BODY;
			this.body.enter();
		}
	}

	private void body(String word, boolean name) {
		if (this.body.isRoutineInPackage(word, name)) {
			beginRoutine(word);
		}
		else {
			this.body.accept(word, name, this.previous);
		}
	}

}
