package io.github.migrateboot.database;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The limits of MySQL and MariaDB.
 *
 * @param flavor which of the two
 */
record MySqlLimits(MySqlFlavor flavor) implements StatementLimits {

	@Override
	public String lockWait(Duration timeout, boolean local) {
		long seconds = RoundedUp.seconds(timeout);
		return "SET SESSION lock_wait_timeout = " + seconds + ", innodb_lock_wait_timeout = " + seconds;
	}

	@Override
	public @Nullable TimeLimit time(Duration timeout) {
		return this.flavor.timeLimit(timeout);
	}

}
