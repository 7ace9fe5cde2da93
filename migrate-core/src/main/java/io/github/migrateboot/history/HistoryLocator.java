package io.github.migrateboot.history;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.SchemaCatalog;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.database.TablePlaces;
import io.github.migrateboot.database.TablePlaces.Place;
import io.github.migrateboot.failure.HistoryAccessException;

/**
 * Finds the history of an application, and refuses a table that is none.
 * <p>
 * It is in the first schema of the search path. Only if nobody has named that path, so
 * that the first schema may be a new one or the path another one since a migration was
 * applied, it is where a history further down the path has a journal that knows the
 * application's files.
 */
public final class HistoryLocator {

	private final Database database;

	private final TableName configured;

	private final Map<String, String> files;

	private final ReadGuard guard;

	/**
	 * Create a locator.
	 * @param database the kind of database
	 * @param configured the history table as it is configured
	 * @param files the names of the application's files by version
	 * @param guard through which histories are read
	 */
	public HistoryLocator(Database database, TableName configured, Map<String, String> files, ReadGuard guard) {
		this.guard = guard;
		this.database = database;
		this.configured = configured;
		this.files = files;
	}

	/**
	 * Read the history in one query, two where the journal is missing.
	 * @param connection the connection to use
	 * @return the history, or empty if that does not tell which one it is
	 */
	public Optional<FoundHistory> look(Connection connection) {
		HistoryLook look = look(this.configured, connection);
		SchemaCatalog schemas = this.database.catalog().schemas();
		if (!look.snapshot().tableExists() || schemas == null || look.schemas().isEmpty()) {
			refuseForeign(this.configured, look);
			return Optional.of(new FoundHistory(null, look.snapshot()));
		}
		TablePlaces places = schemas.places(this.configured, look.schemas());
		Place first = places.first();
		List<Place> further = places.furtherDown();
		Place place = (first.isThere() || further.isEmpty()) ? first : further.get(0);
		if (place.there() != null && !place.there()) {
			return Optional.of(new FoundHistory(null, HistorySnapshot.NOTHING));
		}
		if (!place.isMeant()) {
			return Optional.empty();
		}
		HistoryLook here = place.journalMeant() ? look : look.withoutJournal();
		if (place != first && !knowsFiles(here)) {
			return Optional.empty();
		}
		refuseForeign(place.table(), here);
		return Optional.of(new FoundHistory(place.table(), here.snapshot()));
	}

	/**
	 * Find the table, with as many queries as that takes.
	 * @param connection the connection to use
	 * @return the table with its schema
	 * @throws SQLException if the connection cannot be asked
	 * @throws HistoryAccessException if it cannot be told which table it is
	 */
	public TableName locate(Connection connection) throws SQLException {
		TablePlaces places = this.database.places(this.configured, connection);
		TableName first = places.first().table();
		if (places.first().isThere()) {
			return first;
		}
		HistoryAccessException doubt = null;
		for (Place place : places.furtherDown()) {
			HistoryLook look = look(place.table(), connection);
			if (knowsFiles(look)) {
				return place.table();
			}
			TreeSet<String> common = new TreeSet<>(this.files.keySet());
			common.retainAll(look.snapshot().versions());
			if (doubt == null && !common.isEmpty()) {
				doubt = doubtful(first, place.table(), common);
			}
		}
		if (doubt != null) {
			throw doubt;
		}
		return first;
	}

	private boolean knowsFiles(HistoryLook look) {
		return this.files.entrySet()
			.stream()
			.anyMatch((file) -> JournalText.isNameOf(file.getValue(), look.names().get(file.getKey())));
	}

	private HistoryLook look(TableName table, Connection connection) {
		HistoryReader reader = new HistoryReader(this.database, table, this.guard);
		try {
			return reader.look(connection);
		}
		catch (SQLException ex) {
			refuseUnreadable(reader, table, connection);
			throw new History(this.database, table, this.guard).failure("read", ex);
		}
	}

	/**
	 * What is another tool's may lack the columns that were asked for.
	 */
	private void refuseUnreadable(HistoryReader reader, TableName table, Connection connection) {
		try {
			if (!connection.isClosed() && connection.getAutoCommit()) {
				new ForeignHistory(this.database, table, reader.columns(connection)).refuseUnreadable();
			}
		}
		catch (SQLException ex) {
			// The first error says more.
		}
	}

	private void refuseForeign(TableName table, HistoryLook look) {
		new ForeignHistory(this.database, table, look.columns()).refuse();
	}

	private static HistoryAccessException doubtful(TableName first, TableName further, TreeSet<String> common) {
		String versions = (common.size() == 1) ? common.first()
				: common.first() + " to " + common.last() + ", " + common.size() + " in all";
		return new HistoryAccessException(
				"It is not known which history is this application's. The first schema of the"
						+ " search path, in which a history table would be " + first + ", has none. " + further
						+ ", further down the path, has versions of its files (" + versions
						+ ") but no journal that knows them. Nothing was applied in this run.",
				"If " + further + " is this application's history, set migrate.table=" + further
						+ ". If it is another one's, set migrate.table=" + first
						+ ", or name the schema in the JDBC URL.",
				null);
	}

}
