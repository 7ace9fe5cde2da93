package io.github.migrateboot.test.lint;

import java.util.stream.Stream;

import io.github.migrateboot.safety.Finding;

/**
 * Judges one statement by what it was seen to do. Without state.
 */
@FunctionalInterface
interface StatementRule {

	/**
	 * Judge a statement.
	 * @param seen the statement
	 * @return what is wrong with it, one finding a table
	 */
	Stream<Finding> check(Seen seen);

}
