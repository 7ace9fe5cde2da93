package io.github.migrateboot.faults;

import java.util.Set;

/**
 * What a campaign does to processes, sessions, networks and servers.
 */
enum Fault {

	/** {@code kill -9} of a process. */
	KILL("kill -9", 8, true),

	/** {@code kill -9} of every process, as when their host is gone. */
	KILL_ALL("kill -9 of all", 3, true),

	/** {@code SIGTERM} to a process. */
	TERMINATE("SIGTERM", 3, true),

	/** {@code SIGSTOP} for one to three seconds, then {@code SIGCONT}. */
	PAUSE("SIGSTOP for 1–3 s", 2, false),

	/** {@code SIGSTOP} until another has got the lock, then {@code SIGCONT}. */
	FREEZE("SIGSTOP until the lock is lost", 1, true),

	/** The server ends a session. */
	END_SESSION("session ended by the server", 6, true),

	/** The connections of a process are reset. */
	CUT("connections cut", 4, true),

	/** Nothing passes for one to three seconds, then everything does. */
	STALL("network stalled for 1–3 s", 2, false),

	/** Whatever passes is late. */
	DELAY("network delayed", 2, false),

	/** The server is asked to stop and started again. */
	RESTART("server restarted", 2, true),

	/** The server is killed and started again. */
	CRASH("server killed and started", 2, true),

	/** A session waits for what a migration has locked, until the fuse ends that. */
	BLOCK("kept a session waiting until the fuse ended it", 10, true);

	private final String displayName;

	private final int weight;

	private final boolean interrupts;

	Fault(String displayName, int weight, boolean interrupts) {
		this.displayName = displayName;
		this.weight = weight;
		this.interrupts = interrupts;
	}

	int weight() {
		return this.weight;
	}

	/**
	 * Return whether a statement in flight may be cut off by it.
	 */
	boolean interrupts() {
		return this.interrupts;
	}

	boolean isOfNetwork() {
		return this == CUT || this == STALL || this == DELAY;
	}

	/**
	 * Return whether it strikes one process which is known.
	 */
	boolean isOfProcess() {
		return Set.of(KILL, KILL_ALL, TERMINATE, PAUSE, FREEZE).contains(this) || isOfNetwork();
	}

	boolean isPossible(Platform platform) {
		return switch (this) {
			case KILL, KILL_ALL, TERMINATE, PAUSE -> true;
			// Without a server nobody can end what a frozen process has started
			case FREEZE -> platform != Platform.SQLITE && platform != Platform.H2;
			case END_SESSION -> platform != Platform.SQLITE;
			case BLOCK -> platform.hasFuse();
			case CUT, STALL, DELAY, RESTART, CRASH -> platform != Platform.SQLITE && platform != Platform.H2;
		};
	}

	@Override
	public String toString() {
		return this.displayName;
	}

}
