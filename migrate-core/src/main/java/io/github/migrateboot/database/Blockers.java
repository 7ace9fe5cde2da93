package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, on another connection, who blocks the migrating session at this moment. What
 * the user may not read is left out, and not asked for again. Thread-safe.
 */
public final class Blockers {

	private static final Logger logger = LoggerFactory.getLogger(Blockers.class);

	private static final int MOST = 3;

	private final DatabaseErrors errors;

	private final String end;

	private final Object migrating;

	private final List<Source> sources;

	/**
	 * Create what asks a database.
	 * @param errors tells what can't be read
	 * @param end the statement that ends a session, with {@code %s} for its id
	 * @param migrating what the migrating session is known by
	 * @param sources where to look, the best first
	 */
	Blockers(DatabaseErrors errors, String end, Object migrating, Source... sources) {
		this.errors = errors;
		this.end = end;
		this.migrating = migrating;
		this.sources = new CopyOnWriteArrayList<>(sources);
	}

	/**
	 * Look who blocks the migrating session.
	 * @param connection another connection to the same database
	 * @return the sessions, at most a few; empty if nobody does or if it can't be seen
	 * @throws SQLException if the connection is closed
	 */
	public List<Blocker> find(Connection connection) throws SQLException {
		for (Source source : this.sources) {
			try {
				List<Blocker> found = find(connection, source);
				if (!found.isEmpty()) {
					return found;
				}
			}
			catch (SQLException ex) {
				logger.debug("Not visible: {}", source.query(), ex);
				if (connection.isClosed()) {
					throw ex;
				}
				if (this.errors.isPermissionDenied(ex) || this.errors.isMissingTable(ex)) {
					// Some drivers warn about each error
					this.sources.remove(source);
				}
			}
		}
		return List.of();
	}

	private List<Blocker> find(Connection connection, Source source) throws SQLException {
		Object[] parameters = new Object[(int) source.query().chars().filter((c) -> c == '?').count()];
		Arrays.fill(parameters, this.migrating);
		List<Blocker> found = new ArrayList<>();
		for (List<@Nullable String> row : Jdbc.rows(connection, MOST, source.query(), parameters)) {
			String session = Jdbc.text(row, 0);
			String activity = (row.get(2) != null && row.get(3) != null) ? row.get(2) + " for " + row.get(3) + " s"
					: row.get(2);
			found.add(new Blocker(session, row.get(1), activity, row.get(4), this.end.replace("%s", session),
					source.certain()));
		}
		return found;
	}

	/**
	 * One way to find out.
	 *
	 * @param query returns id, client, activity, its seconds and statement; each of its
	 * parameters is what the migrating session is known by
	 * @param certain whether it returns only those who block
	 */
	record Source(String query, boolean certain) {

	}

}
