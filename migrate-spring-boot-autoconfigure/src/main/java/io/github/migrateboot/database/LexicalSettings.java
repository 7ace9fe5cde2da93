package io.github.migrateboot.database;

/**
 * What decides how a server reads SQL, beyond its kind.
 *
 * @param version the version as the server gives it
 * @param mode the session's mode, such as {@code sql_mode}; empty if there is none
 * @param defaultMode the mode of a new session; empty if there is none
 */
public record LexicalSettings(String version, String mode, String defaultMode) {

	static final LexicalSettings UNKNOWN = new LexicalSettings("", "", "");

}
