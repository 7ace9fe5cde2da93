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
	 * Use the next answer about a statement, if it is one of those that make sense.
	 */
	@Nullable Action use(int statement, Action... allowed) {
		List<Resolution> about = this.given.stream().filter((answer) -> answer.statement() == statement).toList();
		int next = timesUsed(statement);
		if (next >= about.size() || !List.of(allowed).contains(about.get(next).action())) {
			return null;
		}
		Action action = about.get(next).action();
		this.used = (this.used + " " + statement + "=" + action.name().toLowerCase(Locale.ROOT)).strip();
		return action;
	}

	int timesUsed(int statement) {
		return (int) Arrays.stream(this.used.split(" ")).filter((answer) -> answer.startsWith(statement + "=")).count();
	}

	String used() {
		return this.used;
	}

}
