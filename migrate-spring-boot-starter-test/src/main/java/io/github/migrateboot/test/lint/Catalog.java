package io.github.migrateboot.test.lint;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL's catalog says at one moment, by oid.
 *
 * @param relations tables, indexes and views
 * @param columns their columns
 * @param constraints the constraints of tables
 * @param indexes the definitions of indexes
 * @param labels the values of enumerations
 */
record Catalog(Map<Long, Relation> relations, Map<ColumnKey, Column> columns, Map<Long, Constraint> constraints,
		Map<Long, Index> indexes, Map<Long, Label> labels) {

	static final Catalog EMPTY = new Catalog(Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

	@Nullable Relation relation(long oid) {
		return this.relations.get(oid);
	}

	boolean has(long oid) {
		return this.relations.containsKey(oid);
	}

	/**
	 * Return whether there is a table or view of the same name.
	 */
	boolean hasNamed(Relation other) {
		return this.relations.values()
			.stream()
			.anyMatch((each) -> !each.isIndex() && each.qualified().equals(other.qualified()));
	}

	/**
	 * Return the tables and materialized views of a name, of whatever schema.
	 */
	Stream<Relation> named(String name) {
		return this.relations.values()
			.stream()
			.filter((each) -> each.name().equals(name) && (each.isTable() || each.isMaterializedView()));
	}

	/**
	 * Return whether the file of a relation is another one than before.
	 */
	boolean hasNewFile(Relation before) {
		Relation now = this.relations.get(before.oid());
		return now != null && before.fileNode() != null && !Objects.equals(before.fileNode(), now.fileNode());
	}

	/**
	 * Which column it is, whatever its name.
	 *
	 * @param table its table
	 * @param number its number
	 */
	record ColumnKey(long table, int number) {

	}

	/**
	 * A column.
	 *
	 * @param name its name
	 * @param sqlName its name as it is written in a statement
	 * @param type its type
	 * @param notNull whether it must not be null
	 * @param filled whether it has a default, an identity, or is generated
	 * @param dropped whether it has been dropped
	 * @param expression the default, or what it is generated from, or {@code null}
	 */
	record Column(String name, String sqlName, String type, boolean notNull, boolean filled, boolean dropped,
			@Nullable String expression) {

	}

	/**
	 * A constraint of a table.
	 *
	 * @param table its table
	 * @param referenced the table that it refers to, or 0
	 * @param index the index that it uses, or 0
	 * @param name its name
	 * @param sqlName its name as it is written in a statement
	 * @param type PostgreSQL's {@code contype}
	 * @param validated whether it holds for all rows
	 * @param indexed whether it is not a foreign key, or one with an index on its columns
	 * @param definition its definition
	 */
	record Constraint(long table, long referenced, long index, String name, String sqlName, char type,
			boolean validated, boolean indexed, String definition) {

		boolean isForeignKey() {
			return this.type == 'f';
		}

	}

	/**
	 * An index.
	 *
	 * @param table its table
	 * @param valid whether it is used
	 * @param definition the statement that creates it
	 */
	record Index(long table, boolean valid, String definition) {

	}

	/**
	 * A value of an enumeration.
	 *
	 * @param type the type
	 * @param value the value
	 */
	record Label(String type, String value) {

	}

}
