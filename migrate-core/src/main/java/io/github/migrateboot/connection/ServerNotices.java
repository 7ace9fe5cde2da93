package io.github.migrateboot.connection;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what the server said besides its answer.
 */
public final class ServerNotices {

	private static final Logger logger = LoggerFactory.getLogger(ServerNotices.class);

	private static final int MAX_NOTICES = 50;

	private ServerNotices() {
	}

	public static void log(Statement statement) throws SQLException {
		int count = 0;
		for (SQLWarning notice = statement.getWarnings(); notice != null
				&& count < MAX_NOTICES; notice = notice.getNextWarning()) {
			logger.info("The server says: {}", notice.getMessage());
			count++;
		}
	}

}
