package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import io.github.migrateboot.database.SessionProbe.Activity;
import io.github.migrateboot.status.MigratorStatus.State;
import org.jspecify.annotations.Nullable;

/**
 * Asks about a session of MySQL or MariaDB. After a restart the server counts its
 * sessions from the beginning, so its uptime is looked at too.
 *
 * @param flavor which of the two
 * @param id the session's id
 * @param server identifies the server
 * @param account the account, which sees nobody else's sessions
 * @param askedAt when the session existed, as {@link System#nanoTime()} has it
 */
record MySqlSessionProbe(MySqlFlavor flavor, long id, String server, String account,
		long askedAt) implements SessionProbe {

	/** The server's times are whole seconds. */
	private static final Duration ROUNDING = Duration.ofSeconds(1);

	@Override
	public @Nullable StatementProgress progress(Connection other) throws SQLException {
		return new MySqlInspection(this.flavor, true).progress(other, this.id);
	}

	@Override
	public Activity ask(Connection other) throws SQLException {
		Duration elapsed = Duration.ofNanos(System.nanoTime() - this.askedAt);
		String sessions = this.flavor.sessionsTable();
		try (PreparedStatement query = other.prepareStatement("SELECT " + this.flavor.serverExpression()
				+ ", CURRENT_USER(), (SELECT variable_value FROM " + this.flavor.variablesSchema()
				+ ".global_status WHERE variable_name = 'UPTIME'), p.command, p.time FROM (SELECT ? AS id) s LEFT JOIN "
				+ sessions + " p ON p.id = s.id")) {
			query.setLong(1, this.id);
			try (ResultSet row = query.executeQuery()) {
				row.next();
				if (!this.server.equals(row.getString(1)) || !this.account.equals(row.getString(2))) {
					return Activity.of(State.UNKNOWN);
				}
				Duration uptime = Duration.ofSeconds(row.getLong(3));
				return activity(row.getString(4), uptime.plus(ROUNDING.multipliedBy(2)).compareTo(elapsed) < 0,
						Duration.ofSeconds(row.getLong(5)));
			}
		}
	}

	private static Activity activity(@Nullable String command, boolean restarted, Duration since) {
		if (command == null || restarted) {
			return Activity.of(State.GONE);
		}
		return "Sleep".equalsIgnoreCase(command) ? new Activity(State.IDLE, since.plus(ROUNDING))
				: Activity.of(State.BUSY);
	}

}
