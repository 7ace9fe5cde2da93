package io.github.migrateboot.database;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where a table may be that is named without a schema.
 *
 * @param places the places in the order of the search path, at least one; the first one
 * is where it belongs as long as it is nowhere
 */
public record TablePlaces(List<Place> places) {

	public TablePlaces {
		places = List.copyOf(places);
	}

	/**
	 * Return the only place that comes into question.
	 * @param table the table with its schema
	 * @return the place, of which nothing else is known
	 */
	public static TablePlaces only(TableName table) {
		return new TablePlaces(List.of(new Place(table, null, false, false)));
	}

	/**
	 * Return the only place that comes into question.
	 */
	static TablePlaces of(TableName table, CatalogRow schema) {
		return new TablePlaces(List.of(Place.of(table, schema)));
	}

	/**
	 * Return the first place.
	 * @return the place
	 */
	public Place first() {
		return this.places.get(0);
	}

	/**
	 * Return those of the places behind the first one that have the table.
	 * @return the places
	 */
	public List<Place> furtherDown() {
		return this.places.stream().skip(1).filter(Place::isThere).toList();
	}

	/**
	 * A place.
	 *
	 * @param table the table with its schema
	 * @param there whether it is there, or {@code null} if that is not known
	 * @param isMeant whether the name without a schema means this one
	 * @param journalMeant whether the name of the journal does, too
	 */
	public record Place(TableName table, @Nullable Boolean there, boolean isMeant, boolean journalMeant) {

		static Place of(TableName table, CatalogRow schema) {
			return new Place(table, schema.is(CatalogRow.THERE), schema.is(CatalogRow.MEANT),
					schema.is(CatalogRow.JOURNAL_MEANT));
		}

		/**
		 * Return whether the table is there for sure.
		 * @return whether it is
		 */
		public boolean isThere() {
			return Boolean.TRUE.equals(this.there);
		}

	}

}
