package io.github.migrateboot.test.lint;

import java.util.Arrays;
import java.util.Optional;

/**
 * The modes of PostgreSQL's locks that keep others from reading or writing, from the
 * weakest to the strongest.
 */
enum LockMode {

	/** Taken by {@code CREATE INDEX}. */
	SHARE("ShareLock"),

	/** Taken by {@code CREATE TRIGGER} and for foreign keys. */
	SHARE_ROW_EXCLUSIVE("ShareRowExclusiveLock"),

	/** Taken by {@code REFRESH MATERIALIZED VIEW CONCURRENTLY}. */
	EXCLUSIVE("ExclusiveLock"),

	/** Taken by most of {@code ALTER TABLE}. */
	ACCESS_EXCLUSIVE("AccessExclusiveLock");

	private final String mode;

	LockMode(String mode) {
		this.mode = mode;
	}

	/**
	 * Find a mode by its name in {@code pg_locks}.
	 */
	static Optional<LockMode> of(String mode) {
		return Arrays.stream(values()).filter((each) -> each.mode.equals(mode)).findFirst();
	}

	/**
	 * Return whether others wait for it. Nobody writes to a materialized view.
	 */
	boolean isStrong(Relation relation) {
		return relation.isTable() || (relation.isMaterializedView() && this == ACCESS_EXCLUSIVE);
	}

	/**
	 * Return what others can't do.
	 */
	String keepsOut() {
		return (this == ACCESS_EXCLUSIVE) ? "nobody can read or write" : "nobody can write to";
	}

	@Override
	public String toString() {
		return name().replace('_', ' ');
	}

}
