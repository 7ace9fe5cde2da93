package io.github.migrateboot.test.lint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrateboot.safety.Finding;

/**
 * Tells once what a statement does to all partitions of a table.
 *
 * @param base the catalog by whose names tables are told
 */
record Partitions(Catalog base) {

	/**
	 * Put findings of one hazard about one statement together.
	 */
	Stream<Finding> together(Stream<Finding> findings) {
		Map<String, List<Finding>> byRoot = findings
			.collect(Collectors.groupingBy(this::root, LinkedHashMap::new, Collectors.toList()));
		return byRoot.entrySet().stream().map((entry) -> together(entry.getKey(), entry.getValue()));
	}

	private static Finding together(String root, List<Finding> findings) {
		Finding first = findings.stream()
			.filter((each) -> root.equals(each.table()))
			.findFirst()
			.orElse(findings.get(0));
		if (findings.size() == 1) {
			return first;
		}
		String effect = "%s So it is with %s more of the partitioned table %s.".formatted(first.effect(),
				findings.size() - 1, root);
		return new Finding(first.hazard(), first.place(), first.table(), first.lock(), effect, first.remedy());
	}

	private String root(Finding finding) {
		String table = String.valueOf(finding.table());
		return this.base.relations()
			.values()
			.stream()
			.filter((each) -> each.root() != 0 && each.qualified().equals(table))
			.flatMap((each) -> Stream.ofNullable(this.base.relation(each.root())))
			.map(Relation::qualified)
			.findFirst()
			.orElse(table);
	}

}
