package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Blockers} on servers whose sessions block each other.
 */
class BlockersTests {

	private static final Instance INSTANCE = new Instance("web-1", 17, "orders");

	private final Locale before = Locale.getDefault();

	@AfterEach
	void restoreLocale() {
		Locale.setDefault(this.before);
	}

	@ParameterizedTest
	@CsvSource({ "POSTGRES_EMBEDDED, ar-EG-u-nu-arab", "MYSQL, ar-EG-u-nu-arab", "MYSQL, en", "MARIADB, fa",
			"MARIADB, mr", "MARIADB, en", "H2, ne-u-nu-deva", "H2, en" })
	void whoBlocksIsFoundWhateverTheLanguage(TestServer server, String locale) throws Exception {
		try (TestDatabase database = server.create();
				Connection blocking = database.connect();
				Connection migrating = database.connect();
				Connection other = database.connect()) {
			Database kind = Databases.probe(migrating).database();
			kind.sessions().prepare(migrating, INSTANCE);
			Locale.setDefault(Locale.forLanguageTag(locale));
			Blockers blockers = blockers(migrating);
			database.execute("create table t (id int primary key, n int)", "insert into t values (1, 1)");
			execute(migrating, kind.limits().lockWait(Duration.ofSeconds(30), false));
			assertThat(blockers.find(other).stream().filter(Blocker::certain)).isEmpty();
			blocking.setAutoCommit(false);
			execute(blocking, "update t set n = 2 where id = 1");
			CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> update(migrating));
			try {
				Awaitility.await().untilAsserted(() -> {
					Blocker blocker = assertThat(blockers.find(other)).singleElement().actual();
					assertThat(blocker.certain()).isTrue();
					assertThat(blocker.session()).isEqualTo(session(server, blocking));
					assertThat(blocker.end()).contains(blocker.session());
				});
			}
			finally {
				blocking.rollback();
				waiting.get(30, TimeUnit.SECONDS);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES_EMBEDDED", "MYSQL", "MARIADB", "H2" })
	void asksOnlyWhatIsThere(TestServer server) throws SQLException {
		try (TestDatabase database = server.create();
				Connection migrating = database.connect();
				Connection other = database.connect()) {
			Blockers blockers = blockers(migrating);
			assertThat(refusals(() -> blockers.find(other))).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "MYSQL", "MARIADB" })
	void asksOnceForWhatMayNotBeRead(TestServer server) throws SQLException {
		try (TestDatabase database = server.create()) {
			String user = database.createUserWithoutRights();
			try (Connection migrating = database.connectAs(user, "secret");
					Connection other = database.connectAs(user, "secret")) {
				Blockers blockers = blockers(migrating);
				assertThat(refusals(() -> blockers.find(other))).isNotEmpty();
				assertThat(refusals(() -> blockers.find(other))).isEmpty();
			}
		}
	}

	private static Blockers blockers(Connection migrating) throws SQLException {
		Blockers blockers = Databases.probe(migrating).database().inspection().blockers(migrating, INSTANCE);
		return Objects.requireNonNull(blockers);
	}

	/**
	 * Return what the server refused to answer.
	 */
	private static List<ILoggingEvent> refusals(SqlAction look) throws SQLException {
		Logger logger = (Logger) LoggerFactory.getLogger(Blockers.class);
		ListAppender<ILoggingEvent> refusals = new ListAppender<>();
		refusals.start();
		logger.addAppender(refusals);
		logger.setLevel(Level.DEBUG);
		try {
			look.run();
			return refusals.list;
		}
		finally {
			logger.setLevel(null);
			logger.detachAppender(refusals);
		}
	}

	private static void update(Connection connection) {
		try {
			execute(connection, "update t set n = 3 where id = 1");
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		Jdbc.execute(connection, sql);
	}

	private static String session(TestServer server, Connection connection) throws SQLException {
		return Jdbc.text(Jdbc.onlyRow(connection, switch (server) {
			case POSTGRES, POSTGRES_EMBEDDED -> "select pg_backend_pid()";
			case MYSQL, MARIADB -> "select connection_id()";
			case H2 -> "select session_id()";
			case SQLITE -> throw new IllegalArgumentException();
		}), 0);
	}

}
