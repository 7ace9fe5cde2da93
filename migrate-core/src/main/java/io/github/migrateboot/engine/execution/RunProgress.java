package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.github.migrateboot.database.Blocking;
import io.github.migrateboot.database.StatementProgress;
import io.github.migrateboot.engine.plan.Direction;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.RunSummary;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.LockHolder;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.status.MigrationListener.Outcome;
import io.github.migrateboot.status.MigratorStatus.Running;
import io.github.migrateboot.status.StatusPublisher;
import org.jspecify.annotations.Nullable;

/**
 * Where a run is: which migrations are done, which one it is at, and which are left. The
 * status that others see is told from here. Used by the thread that migrates; what is
 * running may be asked by any.
 */
public final class RunProgress {

	private final StatusPublisher status;

	private final Direction direction;

	private final Deque<MigrationFile> left = new ArrayDeque<>();

	private final List<String> done = new ArrayList<>();

	private int total;

	private @Nullable Current current;

	private volatile @Nullable Running running;

	/**
	 * Create the progress of a run that has nothing to do yet.
	 * @param status where it is told
	 * @param direction which way migrations go
	 */
	public RunProgress(StatusPublisher status, Direction direction) {
		this.status = status;
		this.direction = direction;
	}

	/**
	 * Note what the run has to do.
	 * @param files the files, in the order in which their turns come
	 */
	public void plan(List<MigrationFile> files) {
		this.left.addAll(files);
		this.total = files.size();
	}

	/**
	 * Return the migrations whose turn is still to come, and the one that the run is at.
	 */
	public Collection<MigrationFile> left() {
		return Collections.unmodifiableCollection(this.left);
	}

	/**
	 * Return the versions that this run has done, in order.
	 */
	public List<String> done() {
		return List.copyOf(this.done);
	}

	/**
	 * Return how many migrations the run has to do in all.
	 */
	public int total() {
		return this.total;
	}

	/**
	 * Do what is left, one migration after the other.
	 * @param step does the next one with {@link #run}
	 */
	public void each(Step step) throws SQLException {
		tellPending();
		while (!this.left.isEmpty()) {
			step.run(this.left.getFirst());
		}
	}

	private void tellPending() {
		if (this.direction == Direction.UP) {
			this.status.pending(this.left.size());
		}
	}

	/**
	 * Run the next migration, and tell how it goes.
	 * @param migration the migration
	 * @param work runs it, and perhaps some of those behind it, about whose turns it
	 * tells {@link #next}
	 * @param listener is told of each that is done
	 */
	public void run(Migration migration, Work work, Listener listener) throws SQLException {
		begin(migration, listener);
		try {
			end(work.run());
		}
		catch (Throwable ex) {
			Current failed = this.current;
			if (failed != null) {
				this.current = null;
				this.status.ended(failed.running(), Outcome.FAILED, failed.time().get(),
						(ex instanceof MigrationException failure) ? failure : null);
			}
			throw ex;
		}
	}

	/**
	 * Note that the migration that the run was at is done, and the turn of the next has
	 * come.
	 * @param migration the next one
	 */
	public void next(Migration migration) {
		Listener listener = end(true);
		begin(migration, listener);
	}

	private void begin(Migration migration, Listener listener) {
		Running at = new Running(migration.version(), migration.file().name(), 0, migration.statements().size(),
				StatusPublisher.now());
		this.running = at;
		this.current = new Current(migration, at, listener, new ElapsedTime());
		this.status.started(at);
	}

	private Listener end(boolean did) {
		Current ended = Objects.requireNonNull(this.current, "No migration was started");
		Duration took = ended.time().get();
		this.current = null;
		this.status.ended(ended.running(), did ? outcome() : Outcome.ELSEWHERE, took, null);
		if (did) {
			this.done.add(ended.migration().version());
		}
		this.left.removeFirst();
		ended.listener().ended(ended.migration(), did ? Optional.of(took) : Optional.empty());
		tellPending();
		return ended.listener();
	}

	private Outcome outcome() {
		return (this.direction == Direction.UP) ? Outcome.APPLIED : Outcome.ROLLED_BACK;
	}

	/**
	 * Note that a statement of the migration is about to be executed.
	 * @param number its number, from 1
	 */
	public void statement(int number) {
		Running at = this.running;
		if (at != null) {
			Running next = new Running(at.version(), at.name(), number, at.statements(), at.since());
			this.running = next;
			this.status.migrating(next);
		}
	}

	/**
	 * Note that the migration will be tried again.
	 */
	public void retried() {
		Running at = this.running;
		if (at != null) {
			this.status.retried(at);
		}
	}

	/**
	 * Note that the lock is not free.
	 * @param holder who holds it, or {@code null} while that is not known
	 */
	public void waiting(@Nullable LockHolder holder) {
		this.status.waiting(holder);
	}

	/**
	 * Note that a wait for the lock has ended, well or not.
	 * @param waited how long it was
	 */
	public void lockWaited(Duration waited) {
		this.status.lockWaited(waited);
	}

	/**
	 * Note that the run goes on after a wait for the lock.
	 */
	public void lockAcquired() {
		this.status.migrating(this.running);
	}

	/**
	 * Note how far the server is with what is running.
	 * @param about what was running when it was asked
	 * @param progress how far it is, or {@code null} if it does not tell
	 */
	public void server(Running about, @Nullable StatementProgress progress) {
		this.status.progress(about, progress);
	}

	/**
	 * Note how many sessions wait because of what is running.
	 * @param about what was running when that was looked at
	 * @param blocking how many, or {@code null} if nobody is seen waiting
	 */
	public void blocking(Running about, @Nullable Blocking blocking) {
		this.status.blocking(about, blocking);
	}

	/**
	 * Return what is running, for any thread.
	 */
	public @Nullable Running running() {
		return this.running;
	}

	/**
	 * Say what the run has done and what it has not.
	 */
	public RunSummary summary() {
		return new RunSummary(this.direction.before(this.done), this.direction.done(),
				Math.max(0, this.left.size() - 1));
	}

	/**
	 * Does one migration.
	 */
	@FunctionalInterface
	public interface Step {

		void run(MigrationFile file) throws SQLException;

	}

	/**
	 * Runs one migration.
	 */
	@FunctionalInterface
	public interface Work {

		/**
		 * Run it.
		 * @return {@code false} if others had done it
		 */
		boolean run() throws SQLException;

	}

	/**
	 * Is told when a migration is done.
	 */
	@FunctionalInterface
	public interface Listener {

		/**
		 * A migration is done.
		 * @param migration the migration
		 * @param took how long it took if this run has done it, or empty if others had
		 */
		void ended(Migration migration, Optional<Duration> took);

	}

	/**
	 * The migration that the run is at.
	 */
	private record Current(Migration migration, Running running, Listener listener, ElapsedTime time) {

	}

}
