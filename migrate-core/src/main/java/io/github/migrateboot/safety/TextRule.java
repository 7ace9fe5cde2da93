package io.github.migrateboot.safety;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.migrateboot.safety.PendingStatement.NamedTable;
import org.jspecify.annotations.Nullable;

/**
 * Concludes from the words of a statement that it can hurt, where that is sure enough to
 * be said without running it. Immutable.
 */
public final class TextRule {

	private final Hazard hazard;

	private final @Nullable String lock;

	private final String effect;

	private final Function<PendingStatement, Stream<Match>> match;

	private final @Nullable Function<Match, String> remedy;

	private TextRule(Hazard hazard, @Nullable String lock, String effect,
			Function<PendingStatement, Stream<Match>> match, @Nullable Function<Match, String> remedy) {
		this.hazard = hazard;
		this.lock = lock;
		this.effect = effect;
		this.match = match;
		this.remedy = remedy;
	}

	/**
	 * Create a rule about a statement and the first table that it names.
	 * @param hazard what such a statement can do
	 * @param lock the lock that others wait for, or {@code null}
	 * @param effect what a service would feel, in a sentence
	 * @param applies whether a statement is such a one
	 * @return the rule
	 */
	static TextRule statement(Hazard hazard, @Nullable String lock, String effect, Predicate<Words> applies) {
		return new TextRule(hazard, lock, effect,
				(statement) -> Stream.ofNullable(statement.old())
					.filter((table) -> applies.test(statement.words()))
					.map((table) -> new Match(table, statement.words())),
				null);
	}

	/**
	 * Create a rule about a statement and every table that it names.
	 * @param hazard what such a statement can do
	 * @param lock the lock that others wait for, or {@code null}
	 * @param effect what a service would feel, in a sentence
	 * @param applies whether a statement is such a one
	 * @return the rule
	 */
	static TextRule eachTable(Hazard hazard, @Nullable String lock, String effect, Predicate<Words> applies) {
		return new TextRule(hazard, lock, effect,
				(statement) -> statement.tables()
					.stream()
					.filter((table) -> table.old() && applies.test(statement.words()))
					.map((table) -> new Match(table, statement.words())),
				null);
	}

	/**
	 * Create a rule about an action of an {@code ALTER TABLE}.
	 * @param hazard what such an action can do
	 * @param lock the lock that others wait for, or {@code null}
	 * @param effect what a service would feel, in a sentence
	 * @param applies whether an action is such a one, and of such a statement
	 * @return the rule
	 */
	static TextRule action(Hazard hazard, @Nullable String lock, String effect,
			BiPredicate<Words, PendingStatement> applies) {
		return new TextRule(hazard, lock, effect,
				(statement) -> Stream.ofNullable(statement.old())
					.flatMap((table) -> statement.actions()
						.stream()
						.filter((action) -> applies.test(action, statement))
						.map((action) -> new Match(table, action))),
				null);
	}

	/**
	 * Return the rule with the safe way.
	 * @param remedy words the safe way as SQL
	 * @return the rule
	 */
	TextRule instead(Function<Match, String> remedy) {
		return new TextRule(this.hazard, this.lock, this.effect, this.match, remedy);
	}

	/**
	 * Look at a statement.
	 * @param statement the statement
	 * @return what was found, perhaps nothing
	 */
	public List<Finding> look(PendingStatement statement) {
		return this.match.apply(statement)
			.map((match) -> new Finding(this.hazard, statement.place(), match.table().name(), this.lock, this.effect,
					(this.remedy != null) ? this.remedy.apply(match) : null))
			.toList();
	}

	/**
	 * What a rule is about.
	 *
	 * @param table the table
	 * @param words the statement or the action
	 */
	record Match(NamedTable table, Words words) {

	}

}
