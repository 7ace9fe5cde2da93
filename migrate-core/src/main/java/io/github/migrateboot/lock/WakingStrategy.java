package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.time.Duration;

/**
 * A strategy whose server says when the lock is released, without a waiter being blocked
 * in it. Waiters of other strategies poll.
 */
public interface WakingStrategy extends LockStrategy {

	/**
	 * Ask the server to say when the lock is released. Whoever asks tries once more
	 * before it waits. A try that gets the lock ends it, because a holder that listens
	 * and is busy would keep what others say in the server's queue.
	 * @return whether {@link #pause} ends when the lock is released; {@code false} where
	 * the driver, for example, can't tell
	 * @throws SQLException if the server cannot be asked
	 */
	boolean listen() throws SQLException;

	/**
	 * Pause between two tries, after {@link #listen()} has returned {@code true}, without
	 * holding anything in the database.
	 * @param duration how long at most
	 * @param signal ends the pause
	 * @return {@code false} if the signal was given
	 * @throws InterruptedException if the thread was interrupted
	 * @throws SQLException if the connection is lost
	 */
	boolean pause(Duration duration, StopSignal signal) throws InterruptedException, SQLException;

}
