package io.github.migrateboot.faults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What came of a campaign, in Markdown.
 */
final class Table {

	private Table() {
	}

	static String of(List<Verdict> verdicts) {
		Map<String, List<Verdict>> rows = verdicts.stream()
			.collect(Collectors.groupingBy((verdict) -> verdict.plan().title(), LinkedHashMap::new,
					Collectors.toList()));
		StringBuilder table = new StringBuilder();
		line(table, List.of("database", "rounds", "processes", "faults", "unknown outcomes", "violations"));
		line(table, List.of("---", "--:", "--:", "--:", "--:", "--:"));
		rows.forEach((title, rounds) -> line(table, row(title, rounds)));
		line(table, row("all", verdicts));
		table.append('\n');
		faults(table, rows);
		return table.toString();
	}

	private static List<String> row(String name, List<Verdict> rounds) {
		return List.of(name, Integer.toString(rounds.size()), sum(rounds, (verdict) -> verdict.plan().processes()),
				sum(rounds, (verdict) -> verdict.struck().size()), sum(rounds, Verdict::questions),
				sum(rounds, (verdict) -> verdict.violations().size()));
	}

	private static void faults(StringBuilder table, Map<String, List<Verdict>> rows) {
		line(table, concat("fault", List.copyOf(rows.keySet())));
		line(table, concat("---", rows.keySet().stream().map((title) -> "--:").toList()));
		for (Fault fault : Fault.values()) {
			Function<List<Verdict>, String> count = (rounds) -> sum(rounds,
					(verdict) -> verdict.struck().stream().filter((each) -> each == fault).count());
			line(table, concat(fault.toString(), rows.values().stream().map(count).toList()));
		}
	}

	private static List<String> concat(String first, List<String> rest) {
		List<String> all = new ArrayList<>(List.of(first));
		all.addAll(rest);
		return all;
	}

	private static String sum(List<Verdict> rounds, ToLongFunction<Verdict> number) {
		return Long.toString(rounds.stream().mapToLong(number).sum());
	}

	private static void line(StringBuilder table, List<String> cells) {
		table.append("| ").append(String.join(" | ", cells)).append(" |\n");
	}

}
