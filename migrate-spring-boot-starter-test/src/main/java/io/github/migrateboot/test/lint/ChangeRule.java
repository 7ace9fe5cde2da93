package io.github.migrateboot.test.lint;

import java.util.List;
import java.util.stream.Stream;

/**
 * Judges what a file, or all of them together, have changed in the catalog. Without
 * state.
 */
@FunctionalInterface
interface ChangeRule {

	/** What the release before would stumble over, looked for in each file. */
	List<ChangeRule> OF_FILE = List.of(new ColumnGoneRule(), new TableGoneRule(), new NotNullRule(),
			new TypeChangedRule(), new EnumValueRule());

	/** What is wrong only if nothing later puts it right. */
	List<ChangeRule> AT_END = List.of(new ForeignKeyIndexRule(), new InvalidIndexRule(), new NotValidatedRule());

	/**
	 * Judge a change.
	 * @param base what was there before anything that is released together
	 * @param before what was there before
	 * @param after what is there now
	 * @return what is wrong
	 */
	Stream<Change> check(Catalog base, Catalog before, Catalog after);

}
