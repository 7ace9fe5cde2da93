package io.github.migrateboot.script;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The body of a stored program of MySQL or MariaDB, or a compound statement: knows which
 * blocks are open. Words such as {@code BEGIN}, {@code END}, {@code IF} and
 * {@code REPEAT} are also names and functions, so they count only where a statement of
 * the body begins.
 */
final class MysqlBody {

	private static final Set<String> BLOCK_WORDS = Set.of("BEGIN", "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR");

	private static final Set<String> BRANCHES = Set.of("IF", "ELSEIF", "ELSIF", "CASE", "WHEN", "EXCEPTION");

	/** Behind DECLARE BEGIN they make BEGIN the name of a variable, as a comma does. */
	private static final Pattern TYPE = Pattern
		.compile(",|\\w*INT|INTEGER|INT\\d|DEC|DECIMAL|NUMERIC|FIXED|FLOAT|DOUBLE|REAL|NUMBER|BIT|BOOL|BOOLEAN"
				+ "|NATIONAL|LONG|N?(VAR)?CHAR|N?VARCHAR2|CHARACTER|(VAR)?BINARY|RAW|\\w*TEXT|\\w*BLOB|CLOB|ENUM|JSON|UUID"
				+ "|INET\\d|XMLTYPE|VECTOR|DATE|TIME|DATETIME|TIMESTAMP|YEAR|ROW|TYPE|\\w*POINT|\\w*LINESTRING|\\w*POLYGON"
				+ "|GEOMETRY|GEOMETRYCOLLECTION|CONDITION|CURSOR");

	private enum Frame {

		PACKAGE, BLOCK,

		/**
		 * Ended by the next {@code END}, wherever it stands: a {@code CASE} within a
		 * statement, or the condition behind {@code UNTIL}.
		 */
		EXPRESSION

	}

	/**
	 * Where we are in the declaration of a handler, whose statement no word announces.
	 */
	private enum Handler {

		NONE, FOR, CONDITION, STATE, FOUND, AFTER_CONDITION

	}

	private final Deque<Frame> frames = new ArrayDeque<>();

	/** The BEGIN of a routine is still to come or stands here. */
	private boolean beginExpected;

	/** The body of a routine that may be one of a package begins here. */
	private boolean routine;

	/** A statement of the body begins here. */
	private boolean atStart;

	/** The first word of the statement, if it is not a name. */
	private String statement = "";

	private int position;

	private Handler handler = Handler.NONE;

	/** The statement of a handler begins here. */
	private boolean ofHandler;

	/** A BEGIN that may be the name of a variable stands before this token. */
	private boolean undecided;

	private boolean afterEnd;

	private boolean skipName;

	void begin() {
		this.frames.clear();
		this.beginExpected = false;
		this.routine = false;
		this.atStart = false;
		this.statement = "";
		this.position = 0;
		this.handler = Handler.NONE;
		this.ofHandler = false;
		this.undecided = false;
		this.afterEnd = false;
		this.skipName = false;
	}

	void enter() {
		this.atStart = true;
	}

	void enterRoutine() {
		this.atStart = true;
		this.routine = true;
	}

	void enterPackage() {
		this.frames.push(Frame.PACKAGE);
	}

	void expectBegin() {
		this.beginExpected = true;
	}

	boolean isOpen() {
		return !this.frames.isEmpty() || this.beginExpected;
	}

	boolean isRoutineInPackage(String word, boolean name) {
		return !name && this.frames.peek() == Frame.PACKAGE && !this.beginExpected
				&& ("PROCEDURE".equals(word) || "FUNCTION".equals(word));
	}

	void accept(String word, boolean name, String previous) {
		if (this.undecided && !TYPE.matcher(word).matches()) {
			beginBlock();
		}
		this.undecided = false;
		this.ofHandler = handlerEndsBefore(word);
		boolean start = this.atStart || this.ofHandler;
		boolean end = this.afterEnd;
		this.atStart = false;
		this.afterEnd = false;
		this.position = start ? 0 : this.position + 1;
		if (start) {
			this.statement = name ? "" : word;
		}
		if (this.beginExpected && "AS".equals(previous) && "'".equals(word)) {
			// The body is a string, in another language.
			this.beginExpected = false;
		}
		else if (this.skipName) {
			this.skipName = false;
			this.atStart = true;
		}
		else if (";".equals(word)) {
			endStatement();
		}
		else if (endsLabel(word, previous)) {
			this.atStart = true;
		}
		else if (this.handler == Handler.NONE && !name && !(end && BLOCK_WORDS.contains(word))) {
			acceptWord(word, start, previous);
		}
	}

	/**
	 * {@code label:} or, in Oracle's mode, {@code <<label>>}.
	 */
	private boolean endsLabel(String word, String previous) {
		return (":".equals(word) && this.position == 1)
				|| (">".equals(word) && ">".equals(previous) && this.position == 4 && this.statement.isEmpty());
	}

	private boolean handlerEndsBefore(String word) {
		Handler next = switch (this.handler) {
			case NONE -> Handler.NONE;
			case FOR -> Handler.CONDITION;
			case CONDITION -> switch (word) {
				case "SQLSTATE" -> Handler.STATE;
				case "NOT" -> Handler.FOUND;
				default -> Handler.AFTER_CONDITION;
			};
			case STATE -> "VALUE".equals(word) ? Handler.STATE : Handler.AFTER_CONDITION;
			case FOUND -> Handler.AFTER_CONDITION;
			case AFTER_CONDITION -> ",".equals(word) ? Handler.CONDITION : Handler.NONE;
		};
		boolean ends = this.handler == Handler.AFTER_CONDITION && next == Handler.NONE;
		this.handler = next;
		return ends;
	}

	private void endStatement() {
		this.handler = Handler.NONE;
		while (this.frames.peek() == Frame.EXPRESSION) {
			this.frames.pop();
		}
		this.routine = false;
		this.atStart = true;
	}

	private void acceptWord(String word, boolean start, String previous) {
		if (this.frames.peek() == Frame.EXPRESSION && !"CASE".equals(word)) {
			if ("END".equals(word)) {
				this.frames.pop();
			}
		}
		else if (start) {
			beginStatement(word);
		}
		else {
			insideStatement(word, previous);
		}
	}

	private void beginStatement(String word) {
		switch (word) {
			case "BEGIN" -> beginBlock();
			case "DECLARE" -> this.beginExpected |= this.frames.isEmpty();
			case "IF", "CASE", "WHILE", "FOR" -> this.frames.push(Frame.BLOCK);
			case "LOOP", "REPEAT" -> {
				this.frames.push(Frame.BLOCK);
				this.atStart = true;
			}
			case "END" -> {
				this.frames.poll();
				this.afterEnd = true;
			}
			case "UNTIL" -> {
				this.frames.poll();
				this.frames.push(Frame.EXPRESSION);
			}
			case "ELSE" -> this.atStart = true;
			case "FOLLOWS", "PRECEDES" -> this.skipName = true;
			default -> {
			}
		}
	}

	private void beginBlock() {
		if (!this.beginExpected && !this.routine && this.frames.peek() == Frame.PACKAGE) {
			// It starts the package's initialization and shares the package's END.
			this.frames.pop();
		}
		this.frames.push(Frame.BLOCK);
		// Handlers stand among the declarations.
		this.beginExpected &= this.ofHandler;
		this.routine = false;
		this.atStart = true;
	}

	private void insideStatement(String word, String previous) {
		switch (word) {
			case "CASE" -> this.frames.push(Frame.EXPRESSION);
			case "THEN" -> this.atStart = BRANCHES.contains(this.statement);
			case "DO", "LOOP" -> this.atStart = "WHILE".equals(this.statement) || "FOR".equals(this.statement);
			case "ATOMIC" -> this.atStart = "NOT".equals(this.statement);
			case "BEGIN" -> this.undecided = "DECLARE".equals(this.statement) && this.position == 1;
			case "STATEMENT" -> {
				if ("SET".equals(this.statement) && this.position == 1) {
					this.statement = "SET STATEMENT";
				}
			}
			case "FOR" -> this.atStart = "SET STATEMENT".equals(this.statement);
			case "HANDLER" -> {
				if (Set.of("CONTINUE", "EXIT", "UNDO").contains(previous)) {
					this.handler = Handler.FOR;
				}
			}
			case "AS", "IS" -> this.atStart = this.frames.peek() == Frame.PACKAGE;
			default -> {
			}
		}
	}

}
