package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.lock.StopSignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections of which one that is borrowed is waited for only for so long, and only
 * until the run is to stop, however long its pool would wait. One that comes too late is
 * given back at once.
 *
 * @param connections where they come from
 * @param longest how long to wait at most
 * @param signal ends a wait
 */
public record TimedBorrowing(MigrationConnections connections, Duration longest,
		StopSignal signal) implements MigrationConnections {

	private static final Logger logger = LoggerFactory.getLogger(TimedBorrowing.class);

	/** How long a pool may take to open a connection. */
	private static final Duration SHORTEST = Duration.ofSeconds(10);

	private static final Duration STEP = Duration.ofMillis(50);

	/**
	 * Create connections for what can't do without.
	 * @param connections where they come from
	 * @param connectTimeout how long a connection is waited for, if that is longer than a
	 * pool takes to open one
	 * @param signal ends a wait
	 * @return the connections
	 */
	public static TimedBorrowing of(MigrationConnections connections, Duration connectTimeout, StopSignal signal) {
		return new TimedBorrowing(connections, (connectTimeout.compareTo(SHORTEST) > 0) ? connectTimeout : SHORTEST,
				signal);
	}

	@Override
	public Connection borrow() throws SQLException {
		this.signal.requireGoingOn();
		CompletableFuture<Connection> coming = new CompletableFuture<>();
		Thread thread = new Thread(() -> borrow(coming), "migrate-borrow");
		thread.setDaemon(true);
		thread.start();
		boolean came = false;
		try {
			Connection connection = await(coming);
			came = true;
			return connection;
		}
		finally {
			// Whoever completes it later gives it back.
			if (!came && !coming.cancel(false) && !coming.isCompletedExceptionally()) {
				giveBack(coming.join());
			}
		}
	}

	private void borrow(CompletableFuture<Connection> coming) {
		try {
			Connection connection = this.connections.borrow();
			if (!coming.complete(connection)) {
				giveBack(connection);
			}
		}
		catch (SQLException | RuntimeException | Error ex) {
			if (!coming.completeExceptionally(ex)) {
				logger.debug("A connection that was not needed any more could not be borrowed", ex);
			}
		}
	}

	private static void giveBack(Connection connection) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			logger.debug("A connection that came too late could not be given back: {}", SqlErrors.describe(ex));
		}
	}

	private Connection await(CompletableFuture<Connection> coming) throws SQLException {
		ElapsedTime time = new ElapsedTime();
		while (true) {
			try {
				return coming.get(STEP.toMillis(), TimeUnit.MILLISECONDS);
			}
			catch (TimeoutException ex) {
				this.signal.requireGoingOn();
				if (time.get().compareTo(this.longest) >= 0) {
					throw new SQLTimeoutException("no connection was free within " + ElapsedTime.seconds(time.get()));
				}
			}
			catch (ExecutionException ex) {
				throw failed(Objects.requireNonNull(ex.getCause()));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new SQLException("Interrupted while a connection was waited for", ex);
			}
		}
	}

	/**
	 * What a pool that has none calls transient is not tried again by whoever waits for
	 * the lock.
	 */
	private static SQLException failed(Throwable failure) {
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException unexpected) {
			throw unexpected;
		}
		SQLException error = (SQLException) failure;
		return new SQLException(error.getMessage(), error.getSQLState(), error.getErrorCode(), error);
	}

	@Override
	public void discard(Connection borrowed) {
		this.connections.discard(borrowed);
	}

	@Override
	public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
		return this.connections.open(driverProperties);
	}

}
