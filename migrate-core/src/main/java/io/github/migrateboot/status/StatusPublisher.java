package io.github.migrateboot.status;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;

import io.github.migrateboot.database.Blocking;
import io.github.migrateboot.database.StatementProgress;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.status.MigrationListener.Outcome;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.status.MigratorStatus.State;
import org.jspecify.annotations.Nullable;

/**
 * Where a run says what it is doing. Any thread reads.
 */
public final class StatusPublisher {

	private final Listeners listeners;

	private volatile MigratorStatus status = new MigratorStatus(State.PENDING, now(), null, null, null, null, null,
			null, null);

	/**
	 * Create it for one migrator.
	 * @param listeners who is told
	 */
	public StatusPublisher(Listeners listeners) {
		this.listeners = listeners;
	}

	/**
	 * Return what is known now.
	 * @return the status
	 */
	public MigratorStatus status() {
		return this.status;
	}

	/**
	 * A run is started.
	 */
	public void runStarted() {
		change((old) -> new MigratorStatus(State.PENDING, now(), null, null, null, null, null, null, null));
	}

	/**
	 * It is known what the server is.
	 * @param database its name and version
	 */
	public void database(String database) {
		change((old) -> new MigratorStatus(old.state(), old.since(), database, old.lock(), old.pending(), old.holder(),
				old.running(), old.report(), old.failure()));
	}

	/**
	 * The lock is chosen.
	 * @param lock which one, and why
	 */
	public void lock(String lock) {
		change((old) -> new MigratorStatus(old.state(), old.since(), old.database(), lock, old.pending(), old.holder(),
				old.running(), old.report(), old.failure()));
	}

	/**
	 * It is known what is to be done.
	 * @param pending how many migrations are still to be applied
	 */
	public void pending(int pending) {
		change((old) -> new MigratorStatus(old.state(), old.since(), old.database(), old.lock(), pending, old.holder(),
				old.running(), old.report(), old.failure()));
	}

	/**
	 * Somebody else has the lock.
	 * @param holder who, or {@code null} if that is not known
	 */
	public void waiting(@Nullable LockHolder holder) {
		change((old) -> new MigratorStatus(State.WAITING, (old.state() == State.WAITING) ? old.since() : now(),
				old.database(), old.lock(), old.pending(), holder, null, null, null));
	}

	/**
	 * The lock is ours, and this is what is being done.
	 * @param running the migration, or {@code null} between two
	 */
	public void migrating(@Nullable Running running) {
		change((old) -> new MigratorStatus(State.MIGRATING, (old.state() == State.MIGRATING) ? old.since() : now(),
				old.database(), old.lock(), old.pending(), null, running, null, null));
	}

	/**
	 * A migration is started.
	 * @param running the migration
	 */
	public void started(Running running) {
		migrating(running);
		this.listeners.tell((listener) -> listener.migrationStarted(running));
	}

	/**
	 * A migration will be tried again.
	 * @param running the migration
	 */
	public void retried(Running running) {
		this.listeners.tell((listener) -> listener.migrationRetried(running));
	}

	/**
	 * A migration has ended.
	 * @param running the migration
	 * @param outcome how it ended
	 * @param took how long it took
	 * @param failure why it failed, or {@code null}
	 */
	public void ended(Running running, Outcome outcome, Duration took, @Nullable MigrationException failure) {
		this.listeners.tell((listener) -> listener.migrationEnded(running, outcome, took, failure));
	}

	/**
	 * A wait for the lock has ended.
	 * @param waited how long
	 */
	public void lockWaited(Duration waited) {
		this.listeners.tell((listener) -> listener.lockWaited(waited));
	}

	/**
	 * The server has said how far it is. Told by another thread than the one that
	 * migrates.
	 * @param about the migration that was asked about
	 * @param progress what the server said, or {@code null}
	 */
	public void progress(Running about, @Nullable StatementProgress progress) {
		running(about, (running) -> running.with(progress));
	}

	/**
	 * It has been seen how many sessions wait because of what is running. Told by another
	 * thread than the one that migrates.
	 */
	public void blocking(Running about, @Nullable Blocking blocking) {
		running(about, (running) -> running.with(blocking));
	}

	private void running(Running about, UnaryOperator<Running> news) {
		change((old) -> (old.running() == null || !old.running().isSameStatementAs(about)) ? old
				: new MigratorStatus(old.state(), old.since(), old.database(), old.lock(), old.pending(), old.holder(),
						news.apply(old.running()), old.report(), old.failure()));
	}

	/**
	 * A run has ended well.
	 * @param report what it did
	 * @return what tells the listeners, when the next run may begin
	 */
	public Runnable done(MigrationReport report) {
		change((old) -> new MigratorStatus(State.DONE, now(), old.database(), old.lock(), old.pending(), null, null,
				report, null));
		return () -> this.listeners.tell((listener) -> listener.completed(report));
	}

	/**
	 * A run has failed.
	 * @param failure why
	 * @return what tells the listeners, when the next run may begin
	 */
	public Runnable failed(MigrationException failure) {
		change((old) -> new MigratorStatus(State.FAILED, now(), old.database(), old.lock(), old.pending(), old.holder(),
				old.running(), null, failure));
		return () -> this.listeners.tell((listener) -> listener.failed(failure));
	}

	private synchronized void change(UnaryOperator<MigratorStatus> change) {
		this.status = change.apply(this.status);
	}

	/**
	 * Return the time as it is published.
	 * @return the time in whole milliseconds
	 */
	public static Instant now() {
		return Instant.now().truncatedTo(ChronoUnit.MILLIS);
	}

}
