package io.github.migrateboot.database;

import org.jspecify.annotations.Nullable;

/**
 * How far the server is with a statement, as it reports that itself.
 *
 * @param phase what it is doing, in the server's words
 * @param done how much of that is done, in a unit of the server's, or {@code null}
 * @param total how much it is in all, as far as the server knows, or {@code null}
 */
public record StatementProgress(String phase, @Nullable Long done, @Nullable Long total) {

	/**
	 * Describe it in one clause.
	 * @return for example {@code building index: scanning table, 40 %}
	 */
	public String describe() {
		if (this.done == null || this.total == null || this.total <= 0) {
			return this.phase;
		}
		return this.phase + ", " + Math.min(100, this.done * 100 / this.total) + " %";
	}

	static StatementProgress of(String phase, long done, long total) {
		return (total > 0) ? new StatementProgress(phase, done, total) : new StatementProgress(phase, null, null);
	}

}
