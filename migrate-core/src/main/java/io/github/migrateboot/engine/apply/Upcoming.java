package io.github.migrateboot.engine.apply;

import io.github.migrateboot.engine.plan.Migration;
import org.jspecify.annotations.Nullable;

/**
 * The migration whose turn it is, and those behind it, as far as all of them are to be
 * run as a whole.
 */
@FunctionalInterface
public interface Upcoming {

	/**
	 * Return one of them.
	 * @param index how many come before it, from 0
	 * @return the migration, or {@code null} if there are no more
	 */
	@Nullable Migration get(int index);

}
