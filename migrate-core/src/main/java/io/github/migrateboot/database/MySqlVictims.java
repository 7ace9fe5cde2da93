package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom a session of MySQL or MariaDB blocks. Who may read {@code performance_schema}, and
 * finds the instrument of metadata locks switched on, sees exactly that. Otherwise the
 * sessions are taken for blocked that wait for a metadata lock in the same database while
 * ours does not: those of the same account, or of all with {@code PROCESS}.
 * <p>
 * The servers count whole seconds, so waits are counted from the first look.
 */
final class MySqlVictims implements VictimProbe {

	private static final Logger logger = LoggerFactory.getLogger(MySqlVictims.class);

	private static final int MOST = 3;

	private static final String WAITING = " LIKE 'Waiting for%metadata lock'";

	/** Without it, the locks are not there and nobody says so. */
	private static final String INSTRUMENT = "SELECT 1 FROM performance_schema.setup_instruments"
			+ " WHERE name = 'wait/lock/metadata/sql/mdl' AND enabled = 'YES'";

	/*
	 * Other instances wait for the lock of migrations, which is a user level lock.
	 */
	private static final String METADATA_LOCKS = """
			SELECT DISTINCT t.processlist_id, CONCAT(t.processlist_user, '@', t.processlist_host),
			CONCAT('waits for ', p.lock_type, COALESCE(CONCAT(' on ', p.object_name), '')), t.processlist_time,
			EXISTS (SELECT 1 FROM performance_schema.metadata_locks o WHERE o.owner_thread_id = w.thread_id
			AND o.lock_status = 'PENDING') FROM performance_schema.threads w
			JOIN performance_schema.metadata_locks g ON g.owner_thread_id = w.thread_id AND g.lock_status = 'GRANTED'
			JOIN performance_schema.metadata_locks p ON p.lock_status = 'PENDING' AND p.object_type = g.object_type
			AND p.object_schema <=> g.object_schema AND p.object_name <=> g.object_name
			AND p.owner_thread_id <> g.owner_thread_id
			JOIN performance_schema.threads t ON t.thread_id = p.owner_thread_id
			WHERE w.processlist_id = ? AND p.object_type <> 'USER LEVEL LOCK'
			AND COALESCE(p.object_name, '') NOT IN (?, CONCAT(?, '_journal'), CONCAT(?, '_lock'))""";

	private static final String ROW_LOCKS = """
			SELECT DISTINCT t.processlist_id, CONCAT(t.processlist_user, '@', t.processlist_host), 'waits for a row',
			t.processlist_time, 0 FROM performance_schema.threads w
			JOIN performance_schema.data_lock_waits d ON d.blocking_thread_id = w.thread_id
			JOIN performance_schema.threads t ON t.thread_id = d.requesting_thread_id WHERE w.processlist_id = ?""";

	private final MySqlFlavor flavor;

	private final long session;

	private final String history;

	/** Since when those have waited who waited at the last look, by session. */
	private final Map<String, Long> since = new HashMap<>();

	/** Whether the locks themselves can be read; {@code null} before the first look. */
	private @Nullable Boolean exact;

	MySqlVictims(MySqlFlavor flavor, long session, String history) {
		this.flavor = flavor;
		this.session = session;
		this.history = history;
	}

	@Override
	public Victims look(Connection other) throws SQLException {
		Boolean exact = this.exact;
		if (exact == null) {
			exact = isExact(other);
			this.exact = exact;
		}
		Map<String, List<@Nullable String>> found = new LinkedHashMap<>();
		if (exact) {
			add(found, other, METADATA_LOCKS, this.session, this.history, this.history, this.history);
			if (this.flavor == MySqlFlavor.MYSQL) {
				add(found, other, ROW_LOCKS, this.session);
			}
		}
		else {
			add(found, other, waiting(), this.session, this.session);
		}
		return victims(found);
	}

	@Override
	public void forget() {
		this.since.clear();
	}

	private static boolean isExact(Connection other) throws SQLException {
		try {
			boolean instrumented = !Jdbc.rows(other, 1, INSTRUMENT).isEmpty();
			if (instrumented) {
				Jdbc.rows(other, 1, "SELECT 1 FROM performance_schema.metadata_locks");
				Jdbc.rows(other, 1, "SELECT 1 FROM performance_schema.threads");
			}
			return instrumented;
		}
		catch (SQLException ex) {
			if (other.isClosed()) {
				throw ex;
			}
			logger.debug("The locks can't be read: {}", SqlErrors.describe(ex));
			return false;
		}
	}

	private String waiting() {
		String sessions = this.flavor.sessionsTable();
		return "SELECT p.id, CONCAT(p.user, '@', p.host), CONCAT('state: ', p.state), p.time, 0 FROM " + sessions
				+ " p WHERE p.db = DATABASE() AND p.state" + WAITING + " AND p.id <> ? AND NOT EXISTS (SELECT 1 FROM "
				+ sessions + " o WHERE o.id = ? AND o.state" + WAITING + ")";
	}

	private static void add(Map<String, List<@Nullable String>> found, Connection other, String query,
			Object... parameters) throws SQLException {
		for (List<@Nullable String> row : Jdbc.rows(other, Integer.MAX_VALUE, query, parameters)) {
			found.putIfAbsent(Jdbc.text(row, 0), row);
		}
	}

	private Victims victims(Map<String, List<@Nullable String>> found) {
		long now = System.nanoTime();
		List<Waiter> waiters = new ArrayList<>();
		found.forEach((id, row) -> waiters.add(new Waiter(begin(this.since.getOrDefault(id, now), now, row.get(3)),
				new Victim(id, row.get(1), row.get(2)), "1".equals(row.get(4)))));
		this.since.clear();
		waiters.forEach((waiter) -> this.since.put(waiter.victim().session(), waiter.since()));
		if (waiters.isEmpty()) {
			return Victims.NOBODY;
		}
		waiters.sort(Comparator.comparingLong(Waiter::since));
		return new Victims(new Blocking(waiters.size(), Duration.ofNanos(now - waiters.get(0).since())),
				waiters.stream().limit(MOST).map(Waiter::victim).toList(),
				waiters.stream().anyMatch(Waiter::behindQueue));
	}

	/**
	 * Return since when a session waits that waited at the last look too: it may be at
	 * another statement since then.
	 * @param seconds for how many whole seconds it has been at this one
	 */
	private static long begin(long before, long now, @Nullable String seconds) {
		long most = Duration.ofSeconds(((seconds != null) ? Long.parseLong(seconds) : 0) + 1).toNanos();
		return Math.max(before, now - most);
	}

	@Override
	public @Nullable String blindness() {
		if (!Boolean.FALSE.equals(this.exact)) {
			return null;
		}
		return "Of those whom the migration keeps waiting, " + this.flavor.displayName()
				+ " shows only the sessions of the same user that wait for a table, and not who blocks them."
				+ " GRANT SELECT ON performance_schema.* shows all" + ((this.flavor == MySqlFlavor.MYSQL) ? "."
						: ", with performance_schema=ON and the instrument wait/lock/metadata/sql/mdl.");
	}

	/**
	 * One that waits.
	 *
	 * @param since since when, as {@link System#nanoTime()} has it
	 * @param victim who
	 * @param behindQueue whether the migrating session waits itself
	 */
	private record Waiter(long since, Victim victim, boolean behindQueue) {

	}

}
