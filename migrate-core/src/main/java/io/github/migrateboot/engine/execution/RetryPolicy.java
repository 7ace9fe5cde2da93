package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;

import io.github.migrateboot.database.Blockers;
import io.github.migrateboot.database.ConnectionOpener;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.settings.StatementSettings;
import org.jspecify.annotations.Nullable;

/**
 * Lets migrations be retried after a lock timeout or a deadlock.
 */
public final class RetryPolicy implements AutoCloseable {

	private final StatementSettings settings;

	private final Database database;

	private final BlockerMonitor watch;

	private final Fuse fuse;

	private final StopSignal signal;

	private final Runnable listener;

	private int count;

	/**
	 * Create the retries of a run.
	 * @param settings how often and how long
	 * @param database the kind of database
	 * @param blockers finds out who blocks, or {@code null}
	 * @param opener opens a connection to ask who blocks
	 * @param fuse ends a try that blocks others
	 * @param signal ends a pause
	 * @param listener is told of each retry
	 */
	public RetryPolicy(StatementSettings settings, Database database, @Nullable Blockers blockers,
			ConnectionOpener opener, Fuse fuse, StopSignal signal, Runnable listener) {
		this.settings = settings;
		this.database = database;
		this.fuse = fuse;
		this.signal = signal;
		this.listener = listener;
		this.watch = new BlockerMonitor(blockers, opener, settings.lockTimeout());
	}

	public StatementSettings settings() {
		return this.settings;
	}

	Database database() {
		return this.database;
	}

	StopSignal signal() {
		return this.signal;
	}

	BlockerMonitor watch() {
		return this.watch;
	}

	Fuse fuse() {
		return this.fuse;
	}

	/**
	 * Return how often anything was tried again, in all.
	 */
	public int count() {
		return this.count;
	}

	void counted() {
		this.count++;
		this.listener.run();
	}

	/**
	 * Return whether the error is a lock timeout or a deadlock.
	 */
	boolean isConflict(SQLException error) {
		return this.database.errors().isLockTimeout(error) || this.database.errors().isDeadlock(error);
	}

	/**
	 * Return whether a statement ran for longer than it may.
	 */
	boolean isTimeout(SQLException error) {
		return this.settings.timeout() != null
				&& (error instanceof SQLTimeoutException || this.database.errors().isTimeLimit(error));
	}

	@Override
	public void close() {
		this.watch.close();
	}

}
