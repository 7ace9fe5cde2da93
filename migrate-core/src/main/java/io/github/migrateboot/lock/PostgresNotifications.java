package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

import org.springframework.util.ClassUtils;

/**
 * Waits for notifications, which only PostgreSQL's own driver hands out.
 */
final class PostgresNotifications {

	/** The driver waits in the socket, where an interrupt does not reach it. */
	private static final long LONGEST_WAIT = 100;

	private PostgresNotifications() {
	}

	static boolean areSupported(Connection connection) throws SQLException {
		return ClassUtils.isPresent("org.postgresql.PGConnection", PostgresNotifications.class.getClassLoader())
				&& Driver.isWrappedIn(connection);
	}

	/**
	 * Wait for a notification.
	 * @return {@code false} if the signal was given
	 */
	static boolean await(Connection connection, Duration duration, StopSignal signal)
			throws InterruptedException, SQLException {
		long end = System.nanoTime() + duration.toNanos();
		long left;
		do {
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
			left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
		}
		while (left > 0 && !signal.isStopped() && !Driver.isNotified(connection, Math.min(left, LONGEST_WAIT)));
		return !signal.isStopped();
	}

	/**
	 * Throw away what has arrived, which is for nobody any more.
	 */
	static void discard(Connection connection) throws SQLException {
		Driver.discard(connection);
	}

	/**
	 * Not loaded where the driver is missing.
	 */
	private static final class Driver {

		private Driver() {
		}

		static boolean isWrappedIn(Connection connection) throws SQLException {
			return connection.isWrapperFor(PGConnection.class);
		}

		static void discard(Connection connection) throws SQLException {
			connection.unwrap(PGConnection.class).getNotifications();
		}

		static boolean isNotified(Connection connection, long millis) throws SQLException {
			PGNotification[] notifications = connection.unwrap(PGConnection.class).getNotifications((int) millis);
			return notifications != null && notifications.length > 0;
		}

	}

}
