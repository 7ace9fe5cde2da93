package io.github.migrateboot.autoconfigure;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.plan.MigrationPlan;
import io.github.migrateboot.safety.Hazard;

/**
 * What makes a plan fail. What the author of a file allows does not.
 */
final class PlanFailure {

	private static final String FINDINGS = "findings";

	private static final String PENDING = "pending";

	private static final String REFUSED = "refused";

	private PlanFailure() {
	}

	static void requireKnown(String id) {
		if (Hazard.of(id).isEmpty() && !Set.of(FINDINGS, PENDING, REFUSED).contains(id)) {
			throw new InvalidSettingException(
					"migrate.plan.fail-on has \"" + id + "\", which is nothing that a plan finds.",
					"Use " + Stream
						.concat(Stream.of(PENDING, REFUSED, FINDINGS), Arrays.stream(Hazard.values()).map(Hazard::id))
						.collect(Collectors.joining(", ")) + ".");
		}
	}

	/**
	 * Return what of all that was asked for occurs.
	 * @param failOn what was asked for
	 * @param plans the plans
	 */
	static List<String> occurring(List<String> failOn, Collection<MigrationPlan> plans) {
		Set<String> found = new LinkedHashSet<>();
		for (MigrationPlan plan : plans) {
			if (!plan.migrations().isEmpty()) {
				found.add(PENDING);
			}
			if (!plan.refusals().isEmpty()) {
				found.add(REFUSED);
			}
			plan.findings().filter((finding) -> !finding.isAllowed()).forEach((finding) -> {
				found.add(FINDINGS);
				found.add(finding.finding().hazard().id());
			});
		}
		return failOn.stream().filter(found::contains).distinct().toList();
	}

}
