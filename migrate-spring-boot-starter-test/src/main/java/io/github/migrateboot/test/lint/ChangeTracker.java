package io.github.migrateboot.test.lint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.safety.Finding;

/**
 * Knows which statement has made what is wrong with the catalog, until another one puts
 * it right. Not thread-safe.
 */
final class ChangeTracker {

	private final List<ChangeRule> rules;

	private final Map<Change.Identity, Finding> wrong = new LinkedHashMap<>();

	ChangeTracker(List<ChangeRule> rules) {
		this.rules = rules;
	}

	/**
	 * Note what is there after a statement.
	 */
	void update(Catalog base, Catalog before, Catalog after, Finding.Place place) {
		Map<Change.Identity, Finding> still = new LinkedHashMap<>();
		this.rules.stream().flatMap((rule) -> rule.check(base, before, after)).forEach((change) -> {
			Finding known = this.wrong.get(change.identity());
			still.put(change.identity(), change.finding((known != null) ? known.place() : place));
		});
		this.wrong.clear();
		this.wrong.putAll(still);
	}

	/**
	 * Return what is wrong at the end, and begin anew.
	 */
	List<Finding> end() {
		List<Finding> findings = List.copyOf(this.wrong.values());
		this.wrong.clear();
		return findings;
	}

}
