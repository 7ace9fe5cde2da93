package io.github.migrateboot.lock;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

import io.github.migrateboot.connection.SideConnection;
import io.github.migrateboot.database.Jdbc;
import org.jspecify.annotations.Nullable;

/**
 * A write transaction on a database file beside the main one, on SQLite.
 * <p>
 * The main file itself is not held between two migrations, so the application and other
 * tools can write to it meanwhile. That is safe although a statement on the main file
 * can't check this lock: each migration is a {@code BEGIN IMMEDIATE} on the main file
 * with the history read again inside it, so even two runners at once would apply it once.
 * This lock spares the second runner the work and says whom it waits for.
 * <p>
 * Whoever takes the lock writes its name and commits <em>before</em> it begins the
 * transaction that is the lock, so that others can read it while the lock is held.
 * Somebody else may have written in between, so it is read again afterwards.
 * <p>
 * The file must only ever be opened by SQLite: when a process closes a file that it
 * opened by other means, the operating system drops every lock the process has on it.
 */
final class SqliteFileLock extends AbstractLock {

	private static final int ERROR = 1;

	private static final int BUSY = 5;

	private static final int CANTOPEN = 14;

	private static final int LONGEST_NAME = 100;

	private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

	private final String file;

	private final String token = UUID.randomUUID().toString();

	private final SideConnection side;

	SqliteFileLock(LockRequest request) throws SQLException {
		super(request);
		String main = Jdbc.value(request.connection(), "SELECT file FROM pragma_database_list WHERE name = 'main'");
		this.file = main + "-" + fileName(request) + "-lock";
		this.side = new SideConnection(() -> DriverManager.getConnection("jdbc:sqlite:" + this.file), LONGEST_ANSWER,
				(connection) -> Jdbc.execute(connection, "PRAGMA busy_timeout = 20"));
	}

	private static String fileName(LockRequest request) {
		// Names of tables are not case-sensitive, names of files may be.
		String name = (request.name() != null) ? request.name() : request.table().name().toLowerCase(Locale.ROOT);
		String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
		return (encoded.length() <= LONGEST_NAME) ? encoded : LockKey.of(request).toName().replace(':', '-');
	}

	@Override
	public String name() {
		return "file";
	}

	@Override
	public String describe() {
		return "write transaction of " + server() + " on the side file " + this.file;
	}

	@Override
	boolean acquire(Duration patience) throws SQLException {
		Connection connection = this.side.get();
		try {
			Jdbc.execute(connection, "CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY CHECK (id = 1),"
					+ " token TEXT, instance TEXT, since REAL)");
			Jdbc.execute(connection,
					"INSERT INTO holder VALUES (1, ?, ?, (julianday('now') - 2440587.5) * 86400)"
							+ " ON CONFLICT (id) DO UPDATE SET token = excluded.token, instance = excluded.instance,"
							+ " since = excluded.since",
					this.token, request().instance().label());
			Jdbc.execute(connection, "BEGIN IMMEDIATE");
			if (isToken(connection)) {
				return true;
			}
			Jdbc.execute(connection, "ROLLBACK");
			return false;
		}
		catch (SQLException ex) {
			if (ex.getErrorCode() == BUSY) {
				// Nothing was started.
				return false;
			}
			this.side.drop();
			throw ex;
		}
	}

	@Override
	String condition() {
		return "1 = 1";
	}

	@Override
	boolean stillHeld() throws SQLException {
		Connection connection = this.side.ifOpen();
		return connection != null && isInTransaction(connection) && isInPlace();
	}

	/**
	 * SQLite ends a transaction by itself after some errors, for example on a full disk.
	 */
	private boolean isInTransaction(Connection connection) throws SQLException {
		try {
			Jdbc.execute(connection, "BEGIN");
		}
		catch (SQLException ex) {
			if (ex.getErrorCode() == ERROR) {
				return true;
			}
			throw ex;
		}
		Jdbc.execute(connection, "ROLLBACK");
		return false;
	}

	/**
	 * Look with fresh eyes: who deletes or replaces the file takes the lock with it.
	 */
	private boolean isInPlace() throws SQLException {
		try (Connection connection = readOnly()) {
			return isToken(connection);
		}
		catch (SQLException ex) {
			if (ex.getErrorCode() == CANTOPEN || ex.getErrorCode() == ERROR) {
				return false;
			}
			throw ex;
		}
	}

	private boolean isToken(Connection connection) throws SQLException {
		return Jdbc.row(connection, "SELECT token FROM holder")
			.filter((row) -> this.token.equals(row.get(0)))
			.isPresent();
	}

	@Override
	boolean release() throws SQLException {
		Connection connection = this.side.ifOpen();
		if (connection == null) {
			return false;
		}
		try {
			Jdbc.execute(connection, "DELETE FROM holder");
			Jdbc.execute(connection, "COMMIT");
			return true;
		}
		finally {
			this.side.drop();
		}
	}

	@Override
	public Optional<LockHolder> holder() throws SQLException {
		Connection connection = this.side.get();
		try {
			if (!isHeld()) {
				// A killed holder leaves its row behind, but no lock.
				Jdbc.execute(connection, "BEGIN IMMEDIATE");
				Jdbc.execute(connection, "ROLLBACK");
				return Optional.empty();
			}
		}
		catch (SQLException ex) {
			if (ex.getErrorCode() != BUSY) {
				throw ex;
			}
		}
		return read(connection);
	}

	/**
	 * Only a write transaction tells whether the lock is held, and would be the lock.
	 */
	@Override
	public Optional<LockHolder> peek() throws SQLException {
		if (!Files.exists(Path.of(this.file))) {
			return Optional.empty();
		}
		try (Connection connection = readOnly()) {
			return read(connection);
		}
		catch (SQLException ex) {
			if (ex.getErrorCode() == CANTOPEN) {
				return Optional.empty();
			}
			throw ex;
		}
	}

	private Connection readOnly() throws SQLException {
		Properties readOnly = new Properties();
		readOnly.setProperty("open_mode", "1");
		return DriverManager.getConnection("jdbc:sqlite:" + this.file, readOnly);
	}

	private Optional<LockHolder> read(Connection connection) throws SQLException {
		try {
			Optional<List<@Nullable String>> row = Jdbc.row(connection, "SELECT instance, since FROM holder");
			return row.map((values) -> new LockHolder(null, values.get(0), LockHolder.instant(values.get(1)), null));
		}
		catch (SQLException ex) {
			if (ex.getErrorCode() == BUSY || ex.getErrorCode() == ERROR) {
				// Somebody is just writing it, or about to create the table.
				return Optional.empty();
			}
			throw ex;
		}
	}

	@Override
	public void close() {
		this.side.disconnect();
	}

}
