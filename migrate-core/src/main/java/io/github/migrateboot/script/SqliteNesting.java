package io.github.migrateboot.script;

/**
 * SQLite: the body of {@code CREATE TRIGGER}, which lasts until {@code ; END ;} as in
 * SQLite's own {@code sqlite3_complete}.
 */
final class SqliteNesting implements Nesting {

	private boolean mayBeTrigger;

	private boolean trigger;

	private String previous = "";

	private String beforePrevious = "";

	@Override
	public void begin() {
		this.mayBeTrigger = true;
		this.trigger = false;
		this.previous = "";
		this.beforePrevious = "";
	}

	@Override
	public void accept(Lexer token) {
		String word = token.word();
		if (this.mayBeTrigger) {
			switch (word) {
				case "EXPLAIN", "QUERY", "PLAN", "CREATE", "TEMP", "TEMPORARY" -> {
				}
				case "TRIGGER" -> {
					this.trigger = true;
					this.mayBeTrigger = false;
				}
				default -> this.mayBeTrigger = false;
			}
		}
		this.beforePrevious = this.previous;
		this.previous = word;
	}

	@Override
	public boolean holds() {
		return this.trigger && !("END".equals(this.previous) && ";".equals(this.beforePrevious));
	}

}
