package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.engine.execution.Turn;
import io.github.migrateboot.engine.execution.TurnCheck;
import io.github.migrateboot.history.HistoryLocator;

/**
 * Sees, with the lock in hand, that the history is still where it was found before: while
 * the lock was waited for, a migration may have created a schema or changed the search
 * path.
 *
 * @param locator finds the history
 * @param found where it was found
 * @param connection the migrating connection
 */
record HistoryPlaceCheck(HistoryLocator locator, TableName found, Connection connection) {

	/**
	 * Require the history to be there.
	 * @throws HistoryMovedException if it is elsewhere
	 */
	void require() {
		if (!this.found.searched()) {
			return;
		}
		try {
			TableName now = this.locator.locate(this.connection);
			if (!now.equals(this.found)) {
				throw new HistoryMovedException(this.found, now);
			}
		}
		catch (SQLException ex) {
			throw SqlErrors.access("looking where the history is", ex);
		}
	}

	/**
	 * Return decisions, the first of which requires it. From then on the journal there
	 * knows the files of this run, so that it is found there by everybody.
	 */
	TurnCheck before(TurnCheck turns) {
		return new TurnCheck() {

			private boolean required;

			@Override
			public boolean wasOver(String version) {
				return turns.wasOver(version);
			}

			@Override
			public boolean isOver(String version) {
				return turns.isOver(version);
			}

			@Override
			public Turn decide(String version) {
				if (!this.required) {
					require();
					this.required = true;
				}
				return turns.decide(version);
			}

			@Override
			public void verify() {
				require();
			}

		};
	}

}
