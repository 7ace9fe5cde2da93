package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Splits a script into its statements.
 */
final class Splitter {

	private final Lexer lexer;

	private final Nesting nesting;

	private final List<Piece> pieces = new ArrayList<>();

	private int start = -1;

	private int end;

	private boolean set;

	private boolean first;

	Splitter(Lexer lexer, Nesting nesting) {
		this.lexer = lexer;
		this.nesting = nesting;
	}

	/**
	 * A statement's place in the script, without its delimiter and what surrounds it.
	 *
	 * @param start the offset of its first token
	 * @param end the offset behind its last token
	 * @param data what it reads of the script behind it, or {@code null}
	 */
	record Piece(int start, int end, @Nullable CopyData data) {
	}

	/**
	 * Split, once.
	 * @return the statements in order; between them are only blanks, comments,
	 * delimiters, data, and commands to the client program
	 */
	List<Piece> split() {
		while (this.lexer.next()) {
			switch (this.lexer.type()) {
				case BLANK, COMMENT -> {
				}
				case DELIMITER -> delimiter();
				default -> token();
			}
		}
		endStatement(null);
		return this.pieces;
	}

	private void token() {
		if (this.start < 0) {
			if (this.lexer.command()) {
				return;
			}
			this.start = this.lexer.start();
			this.first = true;
			this.set = false;
			this.nesting.begin();
		}
		if (this.first && this.lexer.type() != Lexer.Type.MARKER) {
			this.first = false;
			this.set = "SET".equals(this.lexer.word());
		}
		this.nesting.accept(this.lexer);
		this.end = this.lexer.end();
	}

	private void delimiter() {
		// A delimiter that the author has chosen means what it says.
		if (this.start >= 0 && !this.lexer.hasOwnDelimiter() && this.nesting.holds()) {
			token();
		}
		else {
			endStatement((this.start >= 0) ? this.lexer.data(this.start) : null);
		}
	}

	private void endStatement(@Nullable CopyData data) {
		if (this.start >= 0) {
			this.pieces.add(new Piece(this.start, this.end, data));
			if (this.set) {
				this.lexer.set(this.lexer.text().substring(this.start, this.end));
			}
			this.start = -1;
		}
	}

}
