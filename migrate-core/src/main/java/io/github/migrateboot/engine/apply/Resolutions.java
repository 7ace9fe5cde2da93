package io.github.migrateboot.engine.apply;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.github.migrateboot.settings.Resolution;
import io.github.migrateboot.settings.Resolution.Action;
import org.jspecify.annotations.Nullable;

/**
 * The answers of {@code migrate.resolve} for one migration, each used once. The journal
 * remembers those that have been used.
 */
final class Resolutions {

	private final List<Resolution> given;

	private String used;

	Resolutions(List<Resolution> all, String version, String used) {
		this.given = all.stream().filter((answer) -> answer.version().equals(version)).toList();
		this.used = used;
	}

	/**
	 * Use the next answer about a statement, if it is one of those that make sense. What
	 * is given is the list of all answers, or those that are new, in place of the others.
	 */
	@Nullable Action use(int statement, Action... allowed) {
		List<Action> about = this.given.stream()
			.filter((answer) -> answer.statement() == statement)
			.map(Resolution::action)
			.toList();
		List<Action> before = usedAbout(statement);
		int next = Math.min(about.size(), before.size());
		while (!before.subList(before.size() - next, before.size()).equals(about.subList(0, next))) {
			next--;
		}
		if (next >= about.size() || !List.of(allowed).contains(about.get(next))) {
			return null;
		}
		Action action = about.get(next);
		this.used = (this.used + " " + statement + "=" + action.name().toLowerCase(Locale.ROOT)).strip();
		return action;
	}

	/**
	 * Return whether the last answer about a statement was to try it again.
	 */
	boolean wasTriedAgain(int statement) {
		List<Action> before = usedAbout(statement);
		return !before.isEmpty() && before.get(before.size() - 1) == Action.RETRY;
	}

	int timesUsed(int statement) {
		return usedAbout(statement).size();
	}

	private List<Action> usedAbout(int statement) {
		return Arrays.stream(this.used.split(" "))
			.filter((answer) -> answer.startsWith(statement + "="))
			.map((answer) -> Action.valueOf(answer.substring(answer.indexOf('=') + 1).toUpperCase(Locale.ROOT)))
			.toList();
	}

	String used() {
		return this.used;
	}

}
