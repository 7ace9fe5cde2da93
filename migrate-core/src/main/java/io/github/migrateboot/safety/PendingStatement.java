package io.github.migrateboot.safety;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A statement that has not been run, as far as its words and the catalogue tell.
 *
 * @param place where it stands
 * @param words its words
 * @param tables the tables that it names, in order
 * @param prepared whether an earlier pending statement has made a check needless: has
 * validated a constraint of the first of them, or switched the check of foreign keys off
 */
public record PendingStatement(Finding.Place place, Words words, List<NamedTable> tables, boolean prepared) {

	public PendingStatement {
		tables = List.copyOf(tables);
	}

	/**
	 * Return the table that it is about, if a service uses that already.
	 * @return the first table that it names, or {@code null} if that is new
	 */
	public @Nullable NamedTable old() {
		return (!this.tables.isEmpty() && this.tables.get(0).old()) ? this.tables.get(0) : null;
	}

	/**
	 * Return what it changes of a table.
	 * @return the actions of an {@code ALTER TABLE}; none of any other statement
	 */
	public List<Words> actions() {
		if (!this.words.start("ALTER TABLE") || this.tables.isEmpty()) {
			return List.of();
		}
		Words rest = this.words.after(2).without("IF EXISTS").without("ONLY");
		int name = 1;
		while (rest.get(name).equals(".")) {
			name += 2;
		}
		return rest.after(name).without("*").parts();
	}

	/**
	 * A table that a statement names.
	 *
	 * @param name the table, as the database names it
	 * @param written the table, as the statement names it
	 * @param old whether it exists, was not created by an earlier pending statement, and
	 * is not replaced by another one of its name
	 */
	public record NamedTable(String name, String written, boolean old) {

	}

}
