package io.github.migrateboot.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.status.MigrationInfo;
import org.jspecify.annotations.Nullable;

/**
 * Reads the list of migrations on a thread of its own, so that nobody waits for the
 * database for longer than a limit. At most one query runs at a time, however many ask.
 */
final class MigrationList {

	private final Supplier<List<MigrationInfo>> query;

	private final Duration patience;

	private final Clock clock;

	private @Nullable CompletableFuture<Answer> running;

	private volatile Answer last = new Answer(List.of(), null, null);

	MigrationList(Supplier<List<MigrationInfo>> query, Duration patience, Clock clock) {
		this.query = query;
		this.patience = patience;
		this.clock = clock;
	}

	Answer read() {
		return await(request(), System.nanoTime() + this.patience.toNanos());
	}

	/**
	 * Wait for a query, or return the last list.
	 * @param request the query
	 * @param deadline until when to wait at most, as {@link System#nanoTime()} has it
	 */
	Answer await(Future<Answer> request, long deadline) {
		try {
			return request.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			return this.last.staleBecause(new Stale("The database has not answered within %s ms; the query goes on."
				.formatted(this.patience.toMillis()), null));
		}
		catch (ExecutionException ex) {
			return this.last.staleBecause(new Stale("The list cannot be read", ex.getCause()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return this.last.staleBecause(new Stale("Interrupted while the list was being read.", null));
		}
	}

	/**
	 * Begin to query, unless a query is running.
	 */
	synchronized Future<Answer> request() {
		CompletableFuture<Answer> future = this.running;
		if (future == null || future.isDone()) {
			future = new CompletableFuture<>();
			this.running = future;
			start(future);
		}
		return future;
	}

	private void start(CompletableFuture<Answer> future) {
		Thread thread = new Thread(() -> execute(future), "migrate-endpoint");
		thread.setDaemon(true);
		thread.start();
	}

	private void execute(CompletableFuture<Answer> future) {
		try {
			Answer answer = new Answer(this.query.get(), this.clock.instant(), null);
			this.last = answer;
			future.complete(answer);
		}
		catch (Throwable ex) {
			future.completeExceptionally(ex);
		}
	}

	/**
	 * A list of migrations.
	 *
	 * @param migrations the migrations
	 * @param asOf when they were read, or {@code null} if never
	 * @param stale why this list is an old one, or {@code null} if it is not
	 */
	record Answer(List<MigrationInfo> migrations, @Nullable Instant asOf, @Nullable Stale stale) {

		Answer {
			migrations = List.copyOf(migrations);
		}

		private Answer staleBecause(Stale reason) {
			return new Answer(this.migrations, this.asOf, reason);
		}

	}

	/**
	 * Why a list is an old one.
	 *
	 * @param what what happened
	 * @param cause what says more, or {@code null}
	 */
	record Stale(String what, @Nullable Throwable cause) {

		String reason(StatementTexts texts) {
			if (this.cause instanceof MigrationException failure) {
				return texts.failure(failure);
			}
			return (this.cause != null) ? this.what + ": " + texts.unexpected(this.cause) : this.what;
		}

	}

}
