package io.github.migrateboot.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients of an application that execute one statement again and again, and note how long
 * each had to wait for its answer.
 */
public final class Traffic implements AutoCloseable {

	private static final Duration BETWEEN = Duration.ofMillis(20);

	private final List<Client> clients = new ArrayList<>();

	private final List<SQLException> failures = new CopyOnWriteArrayList<>();

	private final CountDownLatch end = new CountDownLatch(1);

	/**
	 * Start clients.
	 * @param database where
	 * @param count how many
	 * @param statements what they execute, by turns
	 */
	public Traffic(TestDatabase database, int count, String... statements) {
		for (int number = 0; number < count; number++) {
			this.clients.add(new Client(database, statements[number % statements.length]));
		}
		this.clients.forEach(Client::start);
	}

	/**
	 * Return how long the statement took that took longest, one that has not ended
	 * included.
	 * @return the time
	 */
	public Duration longest() {
		return Duration.ofNanos(this.clients.stream().mapToLong(Client::longest).max().orElse(0));
	}

	/**
	 * Return how often the statements were executed that were executed least.
	 * @return the number
	 */
	public int executed() {
		return this.clients.stream().mapToInt((client) -> client.executed.get()).min().orElse(0);
	}

	/**
	 * Return what failed.
	 * @return the errors
	 */
	public List<SQLException> failures() {
		return List.copyOf(this.failures);
	}

	@Override
	public void close() {
		this.end.countDown();
		try {
			for (Client client : this.clients) {
				client.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private final class Client extends Thread {

		private final Connection connection;

		private final String statement;

		private final AtomicInteger executed = new AtomicInteger();

		private final AtomicLong longest = new AtomicLong();

		private volatile long since;

		Client(TestDatabase database, String statement) {
			super("traffic");
			setDaemon(true);
			this.statement = statement;
			this.connection = database
				.connect(database.url().contains("postgresql") ? Map.of("ApplicationName", "orders") : Map.of());
		}

		@Override
		public void run() {
			try (this.connection; Statement sql = this.connection.createStatement()) {
				do {
					this.since = System.nanoTime();
					sql.execute(this.statement);
					this.longest.accumulateAndGet(System.nanoTime() - this.since, Math::max);
					this.since = 0;
					this.executed.incrementAndGet();
				}
				while (!Traffic.this.end.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS));
			}
			catch (SQLException ex) {
				Traffic.this.failures.add(ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		long longest() {
			long start = this.since;
			return Math.max(this.longest.get(), (start != 0) ? System.nanoTime() - start : 0);
		}

	}

}
