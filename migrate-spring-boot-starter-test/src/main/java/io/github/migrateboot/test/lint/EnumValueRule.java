package io.github.migrateboot.test.lint;

import java.util.stream.Stream;

import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.test.lint.Catalog.Label;

/**
 * Finds values of enumerations that are renamed.
 */
final class EnumValueRule implements ChangeRule {

	@Override
	public Stream<Change> check(Catalog base, Catalog before, Catalog after) {
		return before.labels().entrySet().stream().flatMap((entry) -> {
			Label old = entry.getValue();
			Label now = after.labels().get(entry.getKey());
			if (now == null || old.value().equals(now.value()) || !base.labels().containsKey(entry.getKey())) {
				return Stream.empty();
			}
			return Stream.of(new Change(Hazard.ENUM_VALUE_RENAMED, entry.getKey(), old.type(),
					"The value '%s' of type %s is called '%s': instances of the release before, which run until the rollout is over, read a value that they don't know and write one that is no more."
						.formatted(old.value(), old.type(), now.value()),
					"""
							-- release 1: the application understands both values
							alter type %1$s add value '%2$s';
							-- release 2: it writes the new one; in batches, in files of their own
							update <table> set <column> = '%2$s' where <column> = '%3$s' and <key> between 1 and 10000;"""
						.formatted(old.type(), now.value().replace("'", "''"), old.value().replace("'", "''"))));
		});
	}

}
