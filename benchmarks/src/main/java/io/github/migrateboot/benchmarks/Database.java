package io.github.migrateboot.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A database, empty at first and dropped when it is closed.
 *
 * @param server what it is
 * @param url its JDBC URL
 * @param user a user with all rights
 * @param password that user's password
 * @param drop drops it
 */
record Database(Server server, String url, String user, String password, Runnable drop) implements AutoCloseable {

	private static final Pattern ADDRESS = Pattern.compile("jdbc:\\w+://([^:/]+):(\\d+)/(\\w+)");

	Connection connect() throws SQLException {
		return DriverManager.getConnection(this.url, this.user, this.password);
	}

	void execute(String... sql) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			for (String each : sql) {
				statement.execute(each);
			}
		}
	}

	/**
	 * Return the same database by another URL.
	 */
	Database at(String otherUrl) {
		return new Database(this.server, otherUrl, this.user, this.password, () -> {
		});
	}

	String host() {
		return address().group(1);
	}

	int port() {
		return Integer.parseInt(address().group(2));
	}

	String name() {
		return address().group(3);
	}

	/**
	 * Return the address as programs take it that are not written in Java.
	 */
	String uri(String scheme) {
		return "%s://%s:%s@%s:%d/%s".formatted(scheme, this.user, this.password, host(), port(), name());
	}

	/**
	 * Return the file of a database of SQLite.
	 */
	String file() {
		return this.url.substring("jdbc:sqlite:".length());
	}

	private Matcher address() {
		Matcher address = ADDRESS.matcher(this.url);
		if (!address.lookingAt()) {
			throw new IllegalArgumentException("No address in " + this.url);
		}
		return address;
	}

	@Override
	public void close() {
		this.drop.run();
	}

}
