package io.github.migrateboot.database;

import io.github.migrateboot.script.SqlExcerpt;
import io.github.migrateboot.script.SqlSecrets;
import org.jspecify.annotations.Nullable;

/**
 * A session that blocks the migrating one.
 *
 * @param session the server's id of the session
 * @param client application or user, or {@code null} if not visible
 * @param activity what the session is doing and since when, or {@code null} if not
 * visible
 * @param statement its current or last statement, or {@code null} if not visible
 * @param end the statement that ends the session
 * @param certain whether the server has said so; otherwise it is only one of those that
 * may block
 */
public record Blocker(String session, @Nullable String client, @Nullable String activity, @Nullable String statement,
		String end, boolean certain) {

	public Blocker {
		statement = (statement != null) ? SqlSecrets.mask(statement) : null;
	}

	/**
	 * Return the same blocker without its statement.
	 * @return the blocker as it may be shown to whoever may not see statements
	 */
	public Blocker withoutStatement() {
		return new Blocker(this.session, this.client, this.activity, null, this.end, this.certain);
	}

	/**
	 * Describe the session in one clause.
	 * @return for example
	 * {@code session 4711 (psql, idle in transaction for 12 s): select 1}
	 */
	public String describe() {
		StringBuilder text = new StringBuilder("session ").append(this.session);
		if (this.client != null || this.activity != null) {
			text.append(" (");
			text.append((this.client != null) ? this.client : "");
			text.append((this.client != null && this.activity != null) ? ", " : "");
			text.append((this.activity != null) ? this.activity : "");
			text.append(')');
		}
		if (this.statement != null && !this.statement.isBlank()) {
			text.append(": ").append(SqlExcerpt.line(this.statement));
		}
		return text.toString();
	}

}
