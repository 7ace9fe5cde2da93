package io.github.migrateboot.lock;

/**
 * A strategy that knows what can be done about the holder of its lock. Of other holders a
 * waiter says that their process has to be ended.
 */
public interface HolderAdvice {

	/**
	 * Say how an administrator ends a holder that is stuck.
	 * @param holder the holder
	 * @return a clause, for example {@code end its session with KILL 4711}
	 */
	String howToEnd(LockHolder holder);

	/**
	 * Say what a waiter cannot know of a holder that may be dead.
	 * @param holder the holder
	 * @return a sentence without its full stop, or an empty text if there is nothing to
	 * say
	 */
	default String whatIfDead(LockHolder holder) {
		return "";
	}

}
