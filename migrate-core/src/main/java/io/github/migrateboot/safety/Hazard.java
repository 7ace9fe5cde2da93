package io.github.migrateboot.safety;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A way in which a migration can hurt a service that is running meanwhile, or the release
 * before it.
 */
public enum Hazard {

	/** A table is written anew. */
	REWRITE("The table is written anew, and until that is done nobody can read or write it"),

	/** An index is built while writers wait. */
	INDEX_BUILD("An index is built, and until that is done nobody can write to the table"),

	/** A table is read through under a lock that others wait for. */
	SCAN_UNDER_LOCK("Every row is checked while a lock is held that others wait for"),

	/** A lock is held while the same transaction does other work. */
	HELD_THROUGH("A lock that others wait for is held until the work behind it is done"),

	/** A table is emptied. */
	TRUNCATE("The table is emptied, under a lock that keeps everybody out"),

	/** A table is copied, or altered under a lock that writers wait for. */
	COPY("The server can't do it online: until it is done nobody can write to the table"),

	/** A column is dropped. */
	COLUMN_DROPPED("Instances of the release before, which still use the column, fail"),

	/** A column is renamed. */
	COLUMN_RENAMED("Instances of the release before, which use the old name, fail"),

	/** A table is dropped. */
	TABLE_DROPPED("Instances of the release before, which still use the table, fail"),

	/** A table is renamed or moved to another schema. */
	TABLE_RENAMED("Instances of the release before, which use the old name, fail"),

	/** A column must not be null and has no default. */
	NOT_NULL_WITHOUT_DEFAULT("Inserts of the release before, which don't name the column, fail"),

	/** A column that must not be null loses its default. */
	DEFAULT_DROPPED("Inserts of the release before, which rely on the default, fail"),

	/** A column gets another type. */
	TYPE_CHANGED("Instances of the release before read and write the column with its old type"),

	/** A value of an enumeration is renamed. */
	ENUM_VALUE_RENAMED("Instances of the release before, which use the old value, fail"),

	/** A foreign key has no index on the referring side. */
	FK_WITHOUT_INDEX("Each delete and key change on the referenced table reads the whole referring table"),

	/** An index that was built concurrently is of no use. */
	INVALID_INDEX("The index is maintained by each write and used by no query"),

	/** A constraint is never validated. */
	NOT_VALIDATED("The constraint does not hold for the rows that are there");

	private final String summary;

	Hazard(String summary) {
		this.summary = summary;
	}

	/**
	 * Return the name by which it is known in output, settings and files.
	 * @return for example {@code index-build}
	 */
	public String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Return what it means, in general.
	 * @return a sentence without its full stop
	 */
	public String summary() {
		return this.summary;
	}

	/**
	 * Find a hazard.
	 * @param id its id
	 * @return the hazard; empty if there is none of that id
	 */
	public static Optional<Hazard> of(String id) {
		return Arrays.stream(values()).filter((hazard) -> hazard.id().equals(id)).findFirst();
	}

}
