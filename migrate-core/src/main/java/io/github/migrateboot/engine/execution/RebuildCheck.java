package io.github.migrateboot.engine.execution;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.database.Blocker;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.database.TableUsers;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.script.DdlTable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, before a statement that may rebuild a large table, for old transactions of
 * others: an online rebuild wants the table for itself at its end, and loses all its work
 * if it doesn't get it within the lock timeout.
 */
final class RebuildCheck {

	private static final Logger logger = LoggerFactory.getLogger(RebuildCheck.class);

	/** What is smaller is rebuilt within a second or two. */
	private static final long LARGE = 16 * 1024 * 1024;

	private final Connection connection;

	private final @Nullable TableUsers users;

	private final Duration lockTimeout;

	/** Not again when a statement is tried again. */
	private final Set<String> checked = new HashSet<>();

	RebuildCheck(MigrationSession session, Duration lockTimeout) {
		this.connection = session.connection();
		this.users = session.database().inspection().tableUsers();
		this.lockTimeout = lockTimeout;
	}

	/**
	 * Look, once for each place.
	 * @param tables what may be rebuilt
	 * @param place which statement is about to be executed
	 */
	void before(List<DdlTable> tables, String place) {
		TableUsers users = this.users;
		if (users == null || tables.isEmpty() || !this.checked.add(place)) {
			return;
		}
		try {
			for (DdlTable table : tables) {
				if (users.size(this.connection, table) >= LARGE) {
					warn(table, users.find(this.connection, table, this.lockTimeout), place);
				}
			}
		}
		catch (SQLException ex) {
			// The statement itself will say what is wrong.
			logger.debug("Old transactions could not be looked for: {}", SqlErrors.describe(ex));
		}
	}

	private void warn(DdlTable table, List<Blocker> found, String place) {
		if (found.isEmpty()) {
			return;
		}
		boolean certain = found.stream().allMatch(Blocker::certain);
		logger.warn(
				"{}: table {} {} in a transaction that has been open for longer than the lock timeout: {}. If that"
						+ " is still so when the table has been rebuilt, the work is lost after {}"
						+ " (migrate.statement.lock-timeout). It is ended with {}",
				place, table, certain ? "is in use" : "may be in use",
				found.stream().map(Blocker::describe).collect(Collectors.joining("; ")),
				ElapsedTime.seconds(this.lockTimeout),
				found.stream().map(Blocker::end).collect(Collectors.joining("; ")));
	}

}
