package io.github.migrateboot.test.lint;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong with a change of the catalog.
 *
 * @param hazard what it can do
 * @param key what it is about, the same as long as it is there
 * @param table the table that is concerned, or the type
 * @param effect what would be felt, in a sentence
 * @param remedy the safe way, as SQL, or {@code null}
 */
record Change(Hazard hazard, Object key, String table, String effect, @Nullable String remedy) {

	Finding finding(Finding.Place place) {
		return new Finding(this.hazard, place, this.table, null, this.effect, this.remedy);
	}

	/**
	 * Return what tells it from others.
	 */
	Identity identity() {
		return new Identity(this.hazard, this.key);
	}

	/**
	 * What tells a change from others.
	 *
	 * @param hazard what it can do
	 * @param key what it is about
	 */
	record Identity(Hazard hazard, Object key) {

	}

}
