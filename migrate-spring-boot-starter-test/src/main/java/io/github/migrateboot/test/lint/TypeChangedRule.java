package io.github.migrateboot.test.lint;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.test.lint.Catalog.Column;

/**
 * Finds columns of old tables that get another type, unless the new one only has room for
 * more.
 */
final class TypeChangedRule implements ChangeRule {

	private static final Pattern LIMITED = Pattern.compile("(.+?)\\((\\d+)(?:,(\\d+))?\\)(.*)");

	@Override
	public Stream<Change> check(Catalog base, Catalog before, Catalog after) {
		return before.columns().entrySet().stream().flatMap((entry) -> {
			Column old = entry.getValue();
			Column now = after.columns().get(entry.getKey());
			Relation table = after.relation(entry.getKey().table());
			if (now == null || now.dropped() || table == null || !base.columns().containsKey(entry.getKey())
					|| isWider(old.type(), now.type())) {
				return Stream.empty();
			}
			return Stream.of(new Change(Hazard.TYPE_CHANGED, entry.getKey(), table.qualified(),
					"Column %s of %s is %s instead of %s: instances of the release before, which run until the rollout is over, read and write the old type."
						.formatted(now.sqlName(), table.sqlName(), now.type(), old.type()),
					"""
							-- release 1: the application writes both columns
							alter table %1$s add column %4$s %3$s;
							-- in batches, in files of their own
							update %1$s set %4$s = %2$s where <key> between 1 and 10000;
							-- release 2: the application uses %4$s only; release 3:
							alter table %1$s drop column %2$s;""".formatted(table.sqlName(), old.sqlName(), now.type(),
							SqlNames.with(old.sqlName(), "_new"))));
		});
	}

	/**
	 * Return whether an enumeration of MySQL has the values of another one, and more
	 * behind them.
	 */
	private static boolean hasMoreValues(String old, String now) {
		return (old.startsWith("enum(") || old.startsWith("set("))
				&& now.startsWith(old.substring(0, old.length() - 1) + ",");
	}

	/**
	 * Return whether a type is the same, or takes all that another one takes and is the
	 * same for who reads it.
	 */
	static boolean isWider(String old, String now) {
		if (old.equals(now) || hasMoreValues(old, now)) {
			return true;
		}
		Matcher from = LIMITED.matcher(old);
		if (!from.matches()) {
			return (old.equals("text") && now.equals("character varying"))
					|| (old.equals("character varying") && now.equals("text"));
		}
		if (now.equals(from.group(1) + from.group(4))
				|| (from.group(1).equals("character varying") && now.equals("text"))) {
			return true;
		}
		Matcher to = LIMITED.matcher(now);
		return to.matches() && !from.group(1).equals("character") && from.group(1).equals(to.group(1))
				&& from.group(4).equals(to.group(4)) && Objects.equals(from.group(3), to.group(3))
				&& Integer.parseInt(from.group(2)) <= Integer.parseInt(to.group(2));
	}

}
