package io.github.migrateboot.lock;

import java.math.BigDecimal;
import java.time.Instant;

import io.github.migrateboot.database.StatementProgress;
import io.github.migrateboot.script.SqlExcerpt;
import io.github.migrateboot.script.SqlSecrets;
import org.jspecify.annotations.Nullable;

/**
 * Who holds the lock, as far as the server tells.
 *
 * @param session the server's id of the holding session, or {@code null}
 * @param instance host, pid and application, or {@code null} if not visible
 * @param since since when the holder's session (or lock) exists, or {@code null}
 * @param statement what is running there, or {@code null} if nothing is or it is not
 * visible
 * @param progress how far the server is with that, or {@code null} if it does not tell
 */
public record LockHolder(@Nullable String session, @Nullable String instance, @Nullable Instant since,
		@Nullable String statement, @Nullable StatementProgress progress) {

	public LockHolder {
		statement = (statement != null) ? SqlSecrets.mask(statement) : null;
	}

	/**
	 * Create a holder of whose statement no progress is known.
	 * @param session the server's id of the holding session, or {@code null}
	 * @param instance host, pid and application, or {@code null} if not visible
	 * @param since since when the holder's session (or lock) exists, or {@code null}
	 * @param statement what is running there, or {@code null}
	 */
	public LockHolder(@Nullable String session, @Nullable String instance, @Nullable Instant since,
			@Nullable String statement) {
		this(session, instance, since, statement, null);
	}

	/**
	 * Convert seconds since 1970, possibly with a fraction.
	 */
	static @Nullable Instant instant(@Nullable String seconds) {
		return (seconds != null)
				? Instant.ofEpochMilli(new BigDecimal(seconds).multiply(BigDecimal.valueOf(1000)).longValue()) : null;
	}

	/**
	 * Return the same holder with the progress of its statement.
	 * @param progress how far the server is with it, or {@code null}
	 * @return the holder
	 */
	public LockHolder withProgress(@Nullable StatementProgress progress) {
		return new LockHolder(this.session, this.instance, this.since, this.statement, progress);
	}

	/**
	 * Return the same holder without its statement.
	 * @return the holder as it may be shown to whoever may not see statements
	 */
	public LockHolder withoutStatement() {
		return new LockHolder(this.session, this.instance, this.since, null, this.progress);
	}

	/**
	 * Describe the holder in one clause.
	 * @return for example
	 * {@code migrate web-1/17 orders (session 4711, since …), running:
	 * create index …}
	 */
	public String describe() {
		StringBuilder text = new StringBuilder((this.instance != null) ? this.instance : "another instance");
		if (this.session != null || this.since != null) {
			text.append(" (");
			text.append((this.session != null) ? "session " + this.session : "");
			text.append((this.session != null && this.since != null) ? ", " : "");
			text.append((this.since != null) ? "since " + this.since : "");
			text.append(')');
		}
		if (this.statement != null) {
			text.append(", running: ").append(SqlExcerpt.line(this.statement));
		}
		return text.toString();
	}

}
