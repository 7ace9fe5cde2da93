package io.github.migrateboot.test.lint;

import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.test.lint.Catalog.Constraint;
import org.jspecify.annotations.Nullable;

/**
 * Finds indexes that are built while writers wait.
 */
final class IndexBuildRule implements StatementRule {

	private static final String BY_ITSELF = " -- in a file with transaction:false";

	@Override
	public Stream<Finding> check(Seen seen) {
		return seen.tables()
			.filter((table) -> seen.isIndexed(table) && (seen.lock(table).isPresent() || isOutside(seen)))
			.map((table) -> finding(seen, table));
	}

	/**
	 * Of a statement that refuses a transaction the locks are not known; only
	 * {@code CONCURRENTLY} leaves an old index its file.
	 */
	private static boolean isOutside(Seen seen) {
		return seen.work().after() == Activity.NONE;
	}

	private static Finding finding(Seen seen, Relation table) {
		LockMode lock = seen.lock(table).orElse(LockMode.SHARE);
		String indexes = seen.work()
			.messages()
			.stream()
			.filter((message) -> message.work() == DebugMessage.Work.BUILDS && message.name().equals(table.name()))
			.map(DebugMessage::index)
			.distinct()
			.collect(Collectors.joining(", "));
		return seen.finding(Hazard.INDEX_BUILD, table, lock,
				"Index %s is built under %s, and until that is committed %s %s.".formatted(indexes, lock,
						lock.keepsOut(), table.sqlName()),
				remedy(seen, table));
	}

	private static @Nullable String remedy(Seen seen, Relation table) {
		String rebuilt = seen.indexesRebuilt(table)
			.map((index) -> "reindex index concurrently %s;".formatted(index.sqlName()) + BY_ITSELF)
			.collect(Collectors.joining("\n"));
		if (!rebuilt.isEmpty()) {
			return rebuilt;
		}
		String built = seen.after()
			.indexes()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().table() == table.oid() && !seen.before().has(entry.getKey()))
			.map((entry) -> built(seen, table, entry.getKey(), entry.getValue().definition()))
			.collect(Collectors.joining("\n"));
		return built.isEmpty() ? null : columns(seen, table) + built;
	}

	/**
	 * Return what adds the columns that the statement adds besides.
	 */
	private static String columns(Seen seen, Relation table) {
		String added = seen.after()
			.columns()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().table() == table.oid()
					&& !seen.before().columns().containsKey(entry.getKey()))
			.map((entry) -> "alter table %s add column %s %s%s;\n".formatted(table.sqlName(),
					entry.getValue().sqlName(), entry.getValue().type(), defaultOf(entry.getValue())))
			.collect(Collectors.joining());
		return added.isEmpty() ? "" : added + "-- the next file\n";
	}

	private static String defaultOf(Catalog.Column column) {
		return (column.expression() != null) ? " default " + column.expression() : "";
	}

	private static String built(Seen seen, Relation table, long index, String definition) {
		Constraint constraint = seen.after()
			.constraints()
			.values()
			.stream()
			.filter((each) -> each.index() == index && each.table() == table.oid() && !each.isForeignKey())
			.findFirst()
			.orElse(null);
		if (table.kind() == 'p' || isPartition(seen, index)) {
			return """
					create index <name> on only <parent> (<columns>);
					%s;%s
					alter index <name> attach partition <index of the partition>; -- and so on for each partition"""
				.formatted(concurrently(definition), BY_ITSELF);
		}
		if (constraint == null) {
			return concurrently(definition) + ";" + BY_ITSELF;
		}
		if (constraint.type() == 'x') {
			return "-- an exclusion constraint can't be added to a table in use: add it to a new table, and move over";
		}
		return """
				%1$s;%2$s
				-- the next file
				alter table %3$s add constraint %4$s %5$s using index %4$s;""".formatted(concurrently(definition),
				BY_ITSELF, table.sqlName(), constraint.sqlName(),
				(constraint.type() == 'p') ? "primary key" : "unique");
	}

	private static boolean isPartition(Seen seen, long index) {
		Relation relation = seen.after().relation(index);
		return relation != null && relation.kind() == 'I';
	}

	private static String concurrently(String definition) {
		return definition.replaceFirst("^CREATE (UNIQUE )?INDEX", "$0 CONCURRENTLY").replaceFirst(" ON ONLY ", " ON ");
	}

}
