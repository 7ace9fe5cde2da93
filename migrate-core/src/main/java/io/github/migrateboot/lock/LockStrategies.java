package io.github.migrateboot.lock;

import java.sql.SQLException;
import java.util.Locale;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.LockMeans;
import io.github.migrateboot.database.Server;
import io.github.migrateboot.failure.InvalidSettingException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Picks the strategy that fits the database.
 */
public final class LockStrategies {

	private static final Logger logger = LoggerFactory.getLogger(LockStrategies.class);

	private static final int LONGEST_NAME = 200;

	private LockStrategies() {
	}

	/**
	 * Return the strategy for a run.
	 * @param choice what was configured
	 * @param request what the strategy is made from
	 * @return the strategy, which the caller closes
	 * @throws InvalidSettingException if the database can't do what was configured
	 * @throws SQLException if the server has to be asked and can't be
	 */
	public static LockStrategy choose(LockChoice choice, LockRequest request) throws SQLException {
		Server server = request.server();
		LockChoice fitting = fitting(server.database());
		boolean possible = choice == fitting || (fitting == LockChoice.SESSION && (choice == LockChoice.LEASE
				|| (choice == LockChoice.PINNED && server.database().lockMeans() == LockMeans.ADVISORY_LOCK)));
		requireUsable(request.name());
		if (choice == LockChoice.NONE) {
			logger.warn("Migrations run without a lock, because migrate.lock.strategy is none. "
					+ "Two instances that start together may both migrate.");
			return new NoLock(request, "no lock, because migrate.lock.strategy is none");
		}
		if (choice == LockChoice.SESSION && server.database().isPooled()) {
			throw new InvalidSettingException(
					"migrate.lock.strategy is session, but a connection pooler such as PgBouncer stands between: a "
							+ "session's lock would be left on a connection to the server that others use.",
					"Set it to auto or pinned, or connect directly to the server.");
		}
		if (choice != LockChoice.AUTO && !possible) {
			throw new InvalidSettingException(
					"migrate.lock.strategy is %s, which %s can't do%s.".formatted(value(choice),
							server.database().displayName(), whyNot(choice, fitting, server)),
					"Set it to auto, %s or none.".formatted(value(fitting)));
		}
		if (server.reach() == Server.Reach.THIS_PROCESS) {
			return new NoLock(request, "no lock, because no other process can reach this database");
		}
		return create((choice != LockChoice.AUTO) ? choice : fitting, request);
	}

	private static LockStrategy create(LockChoice choice, LockRequest request) throws SQLException {
		return switch (choice) {
			case SESSION -> (request.server().database().lockMeans() == LockMeans.ADVISORY_LOCK)
					? new PostgresSessionLock(request) : new MySqlSessionLock(request);
			case PINNED -> new PostgresPinnedLock(request);
			case LEASE -> new LeaseLock(request);
			case ROW -> new H2RowLock(request);
			case FILE -> new SqliteFileLock(request);
			case AUTO, NONE -> throw new IllegalArgumentException(choice + " is no strategy of its own");
		};
	}

	private static String whyNot(LockChoice choice, LockChoice fitting, Server server) {
		if (choice == LockChoice.SESSION && server.database().hasSeveralWriters()) {
			return " on a Galera cluster: GET_LOCK is local to a node, so two instances connected to two nodes would"
					+ " migrate at once";
		}
		if (choice != LockChoice.LEASE) {
			return "";
		}
		return switch (fitting) {
			case PINNED -> " behind a connection pooler, where its second connection may not get a session of its own";
			case FILE -> ": nothing can be written beside a migration, so a lease could not be renewed";
			default -> ": the statement of a killed process runs on there, and nobody would know when the lease ends";
		};
	}

	private static void requireUsable(@Nullable String name) {
		if (name != null && (name.isBlank() || name.length() > LONGEST_NAME)) {
			throw new InvalidSettingException(
					"migrate.lock.name has %s characters%s.".formatted(name.length(),
							name.isBlank() ? " and is blank" : ""),
					"Set it to a name of 1 to %s characters, or remove it.".formatted(LONGEST_NAME));
		}
	}

	private static LockChoice fitting(Database database) {
		return switch (database.lockMeans()) {
			case ADVISORY_LOCK -> database.isPooled() ? LockChoice.PINNED : LockChoice.SESSION;
			case NAMED_LOCK -> database.hasSeveralWriters() ? LockChoice.LEASE : LockChoice.SESSION;
			case LOCKED_ROW -> LockChoice.ROW;
			case LOCKED_FILE -> LockChoice.FILE;
		};
	}

	private static String value(LockChoice choice) {
		return choice.name().toLowerCase(Locale.ROOT);
	}

}
