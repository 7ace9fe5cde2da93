package io.github.migrateboot.history;

import java.util.List;
import java.util.Map;

import io.github.migrateboot.database.CatalogRow;

/**
 * A history with what the catalog says about its table.
 *
 * @param snapshot the history
 * @param names the names of files by version, as the journal has them
 * @param columns the columns of the history table, if the catalog shows them
 * @param schemas the schemas in which the table may be, if there is a question
 */
record HistoryLook(HistorySnapshot snapshot, Map<String, String> names, List<CatalogRow> columns,
		List<CatalogRow> schemas) {

	static final HistoryLook NOTHING = new HistoryLook(HistorySnapshot.NOTHING, Map.of(), List.of(), List.of());

	/**
	 * Return the same without the journal, which is another history's.
	 */
	HistoryLook withoutJournal() {
		return new HistoryLook(new HistorySnapshot(true, false, this.snapshot.versions(), Map.of()), Map.of(),
				this.columns, this.schemas);
	}

}
