package io.github.migrateboot.database;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The sessions that the migrating one blocks at a moment.
 *
 * @param blocking how many there are, and how long they have waited
 * @param first those that wait longest, a few of them
 * @param queueing whether the migrating session waits for a lock itself, so that they
 * queue behind it
 */
public record Victims(Blocking blocking, List<Victim> first, boolean queueing) {

	/**
	 * Nobody is blocked.
	 */
	public static final Victims NOBODY = new Victims(Blocking.NOBODY, List.of(), false);

	public Victims {
		first = List.copyOf(first);
	}

	/**
	 * Return whether nobody is blocked.
	 * @return whether there are none
	 */
	public boolean isEmpty() {
		return this.blocking.sessions() == 0;
	}

	/**
	 * Say in one clause who is blocked.
	 * @return for example
	 * {@code session 4711 (orders, waits for AccessShareLock on t) and 3 others}
	 */
	public String describe() {
		int others = this.blocking.sessions() - this.first.size();
		return this.first.stream().map(Victim::describe).collect(Collectors.joining(", "))
				+ ((others > 0) ? " and " + others + ((others == 1) ? " other" : " others") : "");
	}

}
