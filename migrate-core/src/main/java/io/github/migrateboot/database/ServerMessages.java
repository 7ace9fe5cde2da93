package io.github.migrateboot.database;

import java.sql.SQLWarning;

import io.github.migrateboot.script.SqlSecrets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what the server says besides its answers, as it says it, unless somebody takes it:
 * every warning up to a limit that only an endless loop reaches, some of the rest, and at
 * the end how many more there were.
 */
final class ServerMessages implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ServerMessages.class);

	private static final int MAX_WARNINGS = 1000;

	private static final int MAX_OTHERS = 50;

	private final ServerMessage.Listener listener;

	private long warnings;

	private long others;

	ServerMessages(ServerMessage.Listener listener) {
		this.listener = listener;
	}

	/**
	 * Log all of a chain.
	 * @param first its first, or {@code null} if there is none
	 */
	void tell(@Nullable SQLWarning first) {
		for (SQLWarning message = first; message != null; message = message.getNextWarning()) {
			tell(ServerMessage.of(message));
		}
	}

	void tell(ServerMessage message) {
		if (!this.listener.takes(message)) {
			log(message.text(), message.isWarning());
		}
	}

	private void log(String text, boolean warning) {
		if (warning && ++this.warnings <= MAX_WARNINGS) {
			logger.warn("The server warns: {}", SqlSecrets.mask(text));
		}
		else if (!warning && ++this.others <= MAX_OTHERS) {
			logger.info("The server says: {}", SqlSecrets.mask(text));
		}
	}

	@Override
	public void close() {
		if (this.warnings > MAX_WARNINGS) {
			logger.warn("The server gave {} more warnings, which are not shown", this.warnings - MAX_WARNINGS);
		}
		if (this.others > MAX_OTHERS) {
			logger.info("The server said {} more things, which are not shown", this.others - MAX_OTHERS);
		}
		this.warnings = 0;
		this.others = 0;
	}

}
