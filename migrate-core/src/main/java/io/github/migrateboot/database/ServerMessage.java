package io.github.migrateboot.database;

import java.sql.SQLWarning;

import org.jspecify.annotations.Nullable;

/**
 * Something that a server says besides its answers.
 *
 * @param severity how serious it is, in PostgreSQL's words, such as {@code WARNING},
 * {@code NOTICE} and {@code DEBUG}
 * @param state the SQLSTATE, or {@code null}
 * @param text what it says
 * @param source which part of the server says it, or {@code null} if that is not known
 */
public record ServerMessage(String severity, @Nullable String state, String text, @Nullable Source source) {

	private static final String WARNING = "WARNING";

	static ServerMessage of(SQLWarning message) {
		String state = message.getSQLState();
		return new ServerMessage(isWarning(state) ? WARNING : "INFO", state, String.valueOf(message.getMessage()),
				null);
	}

	/**
	 * Return whether it is a warning.
	 * @return whether it is, by its severity or its SQLSTATE
	 */
	public boolean isWarning() {
		return WARNING.equals(this.severity) || isWarning(this.state);
	}

	private static boolean isWarning(@Nullable String state) {
		return state != null && state.startsWith("01");
	}

	/**
	 * Where in PostgreSQL a message comes from. Unlike the text, a statement can't forge
	 * it.
	 *
	 * @param file the file of its source, for example {@code tablecmds.c}
	 * @param routine the routine, for example {@code ATRewriteTable}
	 */
	public record Source(String file, String routine) {

	}

	/**
	 * Is told what the server says.
	 */
	@FunctionalInterface
	public interface Listener {

		/** Leaves everything to the log. */
		Listener LOG = (message) -> false;

		/**
		 * Take a message, or leave it to the log.
		 * @param message the message
		 * @return whether it is not to be logged
		 */
		boolean takes(ServerMessage message);

	}

}
