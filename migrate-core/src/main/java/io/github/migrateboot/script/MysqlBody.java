package io.github.migrateboot.script;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * The body of a stored program of MySQL or MariaDB, or a compound statement: knows which
 * blocks are open. Words such as {@code BEGIN}, {@code END}, {@code IF} and
 * {@code REPEAT} are also names and functions, so they count only where a statement of
 * the body begins.
 */
final class MysqlBody {

	static final Set<String> BLOCK_WORDS = Set.of("BEGIN", "IF", "CASE", "LOOP", "WHILE", "REPEAT", "FOR");

	private static final Set<String> WORDS_AFTER_IS = Set.of("NULL", "NOT", "TRUE", "FALSE", "UNKNOWN");

	private enum Frame {

		PACKAGE, BLOCK,

		/**
		 * Ended by the next {@code END}, wherever it stands: a {@code CASE} within a
		 * statement, or the condition behind {@code UNTIL}.
		 */
		EXPRESSION

	}

	private final Deque<Frame> frames = new ArrayDeque<>();

	/** The BEGIN of a routine is still to come or stands here. */
	private boolean beginExpected;

	/** A statement of the body begins here. */
	private boolean atStart;

	/** In the declaration of a handler, whose statement no word announces. */
	private boolean handler;

	private boolean afterEnd;

	private boolean skipName;

	void begin() {
		this.frames.clear();
		this.beginExpected = false;
		this.atStart = false;
		this.handler = false;
		this.afterEnd = false;
		this.skipName = false;
	}

	void enter() {
		this.atStart = true;
	}

	void enterExpression() {
		this.atStart = false;
	}

	void enterNotAtomic() {
		this.frames.push(Frame.BLOCK);
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
		boolean start = this.atStart;
		boolean end = this.afterEnd;
		this.atStart = false;
		this.afterEnd = false;
		if (this.beginExpected && isWholeBody(word, previous)) {
			this.beginExpected = false;
		}
		else if (this.skipName) {
			this.skipName = false;
			this.atStart = true;
		}
		else if (";".equals(word)) {
			endStatement();
		}
		else if (":".equals(word)) {
			this.atStart = true;
		}
		else if (!name && !(end && BLOCK_WORDS.contains(word))) {
			acceptWord(word, start);
		}
	}

	/**
	 * Whether what looked like the beginning of a body after {@code AS} or {@code IS} is
	 * the body itself, as in {@code AS 'code'}, or a condition, as in {@code IS NULL}.
	 */
	private static boolean isWholeBody(String word, String previous) {
		return switch (previous) {
			case "AS" -> "'".equals(word);
			case "IS" -> WORDS_AFTER_IS.contains(word);
			default -> false;
		};
	}

	private void endStatement() {
		this.handler = false;
		while (this.frames.peek() == Frame.EXPRESSION) {
			this.frames.pop();
		}
		this.atStart = true;
	}

	private void acceptWord(String word, boolean start) {
		if (this.frames.peek() == Frame.EXPRESSION && !"CASE".equals(word)) {
			if ("END".equals(word)) {
				this.frames.pop();
			}
		}
		else if (start || (this.handler && !"FOR".equals(word) && BLOCK_WORDS.contains(word))) {
			beginStatement(word);
		}
		else {
			insideStatement(word);
		}
	}

	private void beginStatement(String word) {
		this.handler = false;
		switch (word) {
			case "BEGIN" -> beginBlock();
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
		// The BEGIN of a package starts its initialization and shares the package's END.
		if (this.beginExpected || this.frames.peek() != Frame.PACKAGE) {
			this.frames.push(Frame.BLOCK);
		}
		this.beginExpected = false;
		this.atStart = true;
	}

	private void insideStatement(String word) {
		switch (word) {
			case "CASE" -> this.frames.push(Frame.EXPRESSION);
			case "THEN", "ELSE", "DO", "LOOP", "ATOMIC" -> this.atStart = true;
			case "HANDLER" -> this.handler = true;
			case "AS", "IS" -> this.atStart = this.frames.peek() == Frame.PACKAGE;
			default -> {
			}
		}
	}

}
