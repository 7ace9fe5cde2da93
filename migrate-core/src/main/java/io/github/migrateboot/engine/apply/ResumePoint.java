package io.github.migrateboot.engine.apply;

import java.util.List;

import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a migration goes on.
 *
 * @param journalled whether it has a journal row
 * @param done how many statements have taken effect, or count as if they had
 * @param leftover the index to be removed before it is built again, or {@code null}
 * @param replays statements to be repeated because they set the session
 * @param answers the answers to unknown outcomes that have been used
 * @param news whether one of them is used now
 */
public record ResumePoint(boolean journalled, int done, @Nullable String leftover, List<SqlStatement> replays,
		String answers, boolean news) {

	static final ResumePoint FRESH = new ResumePoint(false, 0, null, List.of(), "", false);

	/**
	 * Return whether the migration starts as if it had never been started.
	 */
	public boolean isClean() {
		return this.done == 0 && this.leftover == null && !this.news;
	}

	/**
	 * Say how it goes on.
	 * @param statements how many the migration has
	 */
	String describe(int statements) {
		String how = (this.done < statements) ? "goes on at statement " + (this.done + 1) + " of " + statements
				: "lacks only its record";
		return this.news ? how + ", as migrate.resolve says" : how;
	}

	boolean isOver(SqlStatement statement) {
		return statement.number() <= this.done;
	}

	boolean isOver(Section section) {
		return section.statements().stream().allMatch(this::isOver);
	}

}
