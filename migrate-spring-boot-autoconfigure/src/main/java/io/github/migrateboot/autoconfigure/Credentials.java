package io.github.migrateboot.autoconfigure;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Who connects.
 *
 * @param username the user, or {@code null} if the URL or the driver's properties say it
 * @param password the password, or {@code null} likewise
 */
record Credentials(@Nullable String username, @Nullable String password) {

	/**
	 * Return whether these are the same user and password, where empty is none.
	 */
	boolean isSameAs(Credentials other) {
		return isSame(this.username, other.username) && isSame(this.password, other.password);
	}

	private static boolean isSame(@Nullable String one, @Nullable String other) {
		return Objects.requireNonNullElse(one, "").equals(Objects.requireNonNullElse(other, ""));
	}

	@Override
	public String toString() {
		return "Credentials[username=%s]".formatted(this.username);
	}

}
