package io.github.migrateboot.test.lint;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.script.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * A statement that has been executed, and what it did. A table is old if it is in use
 * while the statement runs in production, which is what the questions here are about.
 *
 * @param place where it stands
 * @param statement the statement
 * @param base what was there before anything that is released with it
 * @param before the catalog before it
 * @param after the catalog after it
 * @param work what it did
 */
record Seen(Finding.Place place, SqlStatement statement, Catalog base, Catalog before, Catalog after, Work work) {

	private static final Set<String> DATA = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES",
			"TABLE", "COPY", "DO", "CALL", "EXECUTE");

	private static final Pattern TRUNCATE = Pattern.compile("\\btruncate\\b", Pattern.CASE_INSENSITIVE);

	/**
	 * Return the old tables and materialized views.
	 */
	Stream<Relation> tables() {
		return this.before.relations()
			.values()
			.stream()
			.filter((each) -> (each.isTable() || each.isMaterializedView()) && this.base.has(each.oid()));
	}

	/**
	 * Return the strongest lock on a table after the statement.
	 */
	Optional<LockMode> lock(Relation table) {
		return this.work.after().strongest(table);
	}

	/**
	 * Return the strongest lock on a table before the statement.
	 */
	Optional<LockMode> lockBefore(Relation table) {
		return this.work.before().strongest(table);
	}

	/**
	 * Return whether the statement only reads and writes rows, as far as its own words
	 * and its locks tell: a function that it calls may do more.
	 */
	boolean isData() {
		return this.statement.startsWithAny(DATA) && tables().allMatch((each) -> lock(each).equals(lockBefore(each)));
	}

	/**
	 * Return whether a table has a new file because it was emptied. Its indexes are built
	 * then as after a rewrite, so only words tell.
	 */
	boolean isTruncated(Relation table) {
		return isRefiled(table) && TRUNCATE.matcher(this.statement.text()).find()
				&& !this.work.says(DebugMessage.Work.REWRITES, table.name());
	}

	boolean isRewritten(Relation table) {
		return isRefiled(table) && !isTruncated(table);
	}

	private boolean isRefiled(Relation table) {
		return this.after.hasNewFile(table);
	}

	boolean isScanned(Relation table) {
		return this.work.after().hasScanned(table, this.work.before());
	}

	/**
	 * Return whether an index of a table was built, unless that was part of writing the
	 * table anew.
	 */
	boolean isIndexed(Relation table) {
		return !isRefiled(table) && (indexesRebuilt(table).anyMatch(this::isBuilt)
				|| (isScanned(table) && this.work.says(DebugMessage.Work.BUILDS, table.name())));
	}

	/**
	 * Return the old indexes of a table whose files are new.
	 */
	Stream<Relation> indexesRebuilt(Relation table) {
		return this.before.relations()
			.values()
			.stream()
			.filter((each) -> each.table() == table.oid() && this.after.hasNewFile(each));
	}

	boolean isBuilt(Relation index) {
		return this.work.messages().stream().anyMatch((message) -> message.index().equals(index.name()));
	}

	/**
	 * Return whether all rows of a table were checked, and not by a query of its own. A
	 * statement that takes no further lock on the table only reads it.
	 */
	boolean isChecked(Relation table) {
		if (isRefiled(table) || isIndexed(table)) {
			return false;
		}
		return this.work.says(DebugMessage.Work.VERIFIES, table.name()) || foreignKeys().contains(table.oid())
				|| (isScanned(table) && !isData() && !lock(table).equals(lockBefore(table))
						&& !referencedByThem().contains(table.oid()));
	}

	private Set<Long> foreignKeys() {
		return validated().map(Catalog.Constraint::table).collect(Collectors.toSet());
	}

	/**
	 * The server looks into the referenced table for each row of the referring one, which
	 * is the one to be told about.
	 */
	private Set<Long> referencedByThem() {
		return validated().map(Catalog.Constraint::referenced).collect(Collectors.toSet());
	}

	private Stream<Catalog.Constraint> validated() {
		return this.after.constraints()
			.values()
			.stream()
			.filter((each) -> each.isForeignKey() && this.work.says(DebugMessage.Work.VALIDATES, each.name())
					&& this.work.after().locks().containsKey(each.table()));
	}

	/**
	 * Word a finding about this statement, and a table under the name that production
	 * knows.
	 */
	Finding finding(Hazard hazard, Relation table, @Nullable LockMode lock, String effect, @Nullable String remedy) {
		String name = Objects.requireNonNullElse(this.base.relation(table.oid()), table).qualified();
		return new Finding(hazard, this.place, name, (lock != null) ? lock.toString() : null, effect, remedy);
	}

}
