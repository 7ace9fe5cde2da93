package io.github.migrateboot.database;

import org.jspecify.annotations.Nullable;

/**
 * A session that the migrating one blocks.
 *
 * @param session the server's id of the session
 * @param client application or user, or {@code null} if not visible
 * @param state what it waits for, or {@code null} if not visible
 */
public record Victim(String session, @Nullable String client, @Nullable String state) {

	/**
	 * Describe the session in one clause.
	 * @return for example {@code session 4711 (orders, waits for AccessShareLock on t)}
	 */
	public String describe() {
		StringBuilder text = new StringBuilder("session ").append(this.session);
		if (this.client != null || this.state != null) {
			text.append(" (").append((this.client != null) ? this.client : "");
			text.append((this.client != null && this.state != null) ? ", " : "");
			text.append((this.state != null) ? this.state : "").append(')');
		}
		return text.toString();
	}

}
