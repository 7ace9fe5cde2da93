package io.github.migrateboot.database;

import java.util.ArrayList;
import java.util.List;

/**
 * How to restore a session, and what to set where a session doesn't last. The statements
 * of all lists are executed one by one, in order; none of them releases a lock.
 * Autocommit is the driver's, so the caller sets it.
 *
 * @param betweenMigrations restore the session to the state that {@link Sessions#prepare}
 * left it in, whatever a migration has done to it; each may be executed in or outside a
 * transaction
 * @param original restore the session to the state in which {@link Sessions#prepare}
 * found it, for a connection that is handed back to a pool; executed in autocommit
 * @param atBegin what each transaction has to begin with, because settings of the session
 * would not last; empty where they do
 * @param afterPlain the same as {@code betweenMigrations}, less what restores what can't
 * have changed where a migration has only created, altered, dropped and filled tables and
 * indexes
 * @param ourselves who we are for the server
 */
public record SessionState(List<String> betweenMigrations, List<String> original, List<String> atBegin,
		List<String> afterPlain, Ourselves ourselves) {

	public SessionState {
		betweenMigrations = List.copyOf(betweenMigrations);
		original = List.copyOf(original);
		atBegin = List.copyOf(atBegin);
		afterPlain = List.copyOf(afterPlain);
	}

	/**
	 * Create the state of a session in which no other role can be taken.
	 * @param betweenMigrations restore the session between two migrations
	 * @param original restore the session to the state in which it was found
	 * @param atBegin what each transaction has to begin with
	 * @param afterPlain restore the session after a plain migration
	 */
	public SessionState(List<String> betweenMigrations, List<String> original, List<String> atBegin,
			List<String> afterPlain) {
		this(betweenMigrations, original, atBegin, afterPlain, Ourselves.ALWAYS);
	}

	/**
	 * Create the state of a session that lasts as long as its connection.
	 * @param betweenMigrations restore the session between two migrations
	 * @param original restore the session to the state in which it was found
	 */
	public SessionState(List<String> betweenMigrations, List<String> original) {
		this(betweenMigrations, original, List.of());
	}

	/**
	 * Create the state of a session all of which any migration may have changed.
	 * @param betweenMigrations restore the session between two migrations
	 * @param original restore the session to the state in which it was found
	 * @param atBegin what each transaction has to begin with
	 */
	public SessionState(List<String> betweenMigrations, List<String> original, List<String> atBegin) {
		this(betweenMigrations, original, atBegin, betweenMigrations);
	}

	/**
	 * Return the same for a session that was set to something else before.
	 * @param again what is executed in addition, between any two migrations
	 * @param found the state in which the session was found before that
	 * @return the state
	 */
	public SessionState with(List<String> again, SessionState found) {
		return new SessionState(join(this.betweenMigrations, again), found.original(), this.atBegin,
				join(this.afterPlain, again), this.ourselves);
	}

	/**
	 * Return the same for a session in which a migration can take another role.
	 * @param ours who we are
	 * @return the state
	 */
	SessionState as(Ourselves ours) {
		return new SessionState(this.betweenMigrations, this.original, this.atBegin, this.afterPlain, ours);
	}

	private static List<String> join(List<String> first, List<String> second) {
		List<String> all = new ArrayList<>(first);
		all.addAll(second);
		return all;
	}

	/**
	 * Who we are for the server.
	 *
	 * @param condition an SQL condition that is false while a migration is somebody else
	 * @param again make the session ours again
	 */
	record Ourselves(String condition, List<String> again) {

		static final Ourselves ALWAYS = new Ourselves("", List.of());

	}

}
