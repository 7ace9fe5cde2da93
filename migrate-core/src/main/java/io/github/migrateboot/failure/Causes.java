package io.github.migrateboot.failure;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The causes of an error, also where they are a cycle: going from cause to cause, or over
 * the elements of a {@link SQLException}, never ends there.
 */
public final class Causes {

	private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());

	private final List<Throwable> causes = new ArrayList<>();

	private Causes() {
	}

	/**
	 * Return an error with all that it comes from.
	 * @param error the error
	 * @return the error itself, then its causes and what is chained to SQL errors, each
	 * of them once
	 */
	public static List<Throwable> of(Throwable error) {
		Causes found = new Causes();
		found.add(error);
		return List.copyOf(found.causes);
	}

	private void add(@Nullable Throwable error) {
		if (error != null && this.seen.add(error)) {
			this.causes.add(error);
			add(error.getCause());
			if (error instanceof SQLException sql) {
				add(sql.getNextException());
			}
		}
	}

}
