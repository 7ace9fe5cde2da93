package io.github.migrateboot.lock;

import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Callable;

import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.failure.LockTimeoutException;
import io.github.migrateboot.test.lock.Contestant;
import io.github.migrateboot.test.lock.LockStrategyContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ProcessLock}.
 */
class ProcessLockTests {

	private static final String PREFIX = "io.github.migrateboot.lock.";

	private static Contestant contestant(String url) throws SQLException {
		return contestant(url, "schema_migrations", null);
	}

	private static Contestant contestant(String url, String table, @Nullable String name) throws SQLException {
		LockRequest request = Contract.request(url, table, name);
		return new Contestant(request, LockStrategies.choose(LockChoice.AUTO, request));
	}

	private static String unique() {
		return "lock" + UUID.randomUUID();
	}

	private static void takeAwayAll() {
		System.getProperties().keySet().removeIf((key) -> String.valueOf(key).startsWith(PREFIX));
	}

	@AfterEach
	void nothingIsLeft() {
		assertThat(System.getProperties().stringPropertyNames()).noneMatch((key) -> key.startsWith(PREFIX));
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:h2:mem:one, jdbc:h2:mem:two",
			"jdbc:sqlite:file:one?mode=memory&cache=shared, jdbc:sqlite:file:two?mode=memory&cache=shared",
			"jdbc:h2:mem:one, jdbc:sqlite:file:one?mode=memory&cache=shared",
			"jdbc:sqlite:file::memory:?cache=shared, jdbc:sqlite:file:memory?mode=memory&cache=shared",
			"jdbc:h2:mem:, jdbc:h2:mem:", "jdbc:sqlite::memory:, jdbc:sqlite::memory:", "jdbc:sqlite:, jdbc:sqlite:" })
	void otherDatabasesAreNotBlocked(String one, String other) throws SQLException {
		try (Contestant here = contestant(one); Contestant there = contestant(other)) {
			MigrationLock first = here.strategy().tryAcquire(Duration.ZERO).orElseThrow();
			MigrationLock second = there.strategy().tryAcquire(Duration.ZERO).orElseThrow();
			first.verify();
			second.verify();
		}
	}

	@ParameterizedTest
	@CsvSource({ "jdbc:h2:mem:same, jdbc:h2:mem:same;DB_CLOSE_DELAY=-1",
			"jdbc:sqlite:file:same?mode=memory&cache=shared, jdbc:sqlite:file:same?cache=shared&mode=memory",
			"jdbc:sqlite:file::memory:?cache=shared, jdbc:sqlite:file::memory:?cache=shared&foreign_keys=on",
			"jdbc:sqlite:file:/same?vfs=memdb, jdbc:sqlite:file:/same?vfs=memdb" })
	void oneDatabaseByTwoUrlsHasOneLock(String one, String other) throws SQLException {
		try (Contestant here = contestant(one); Contestant there = contestant(other)) {
			MigrationLock lock = here.strategy().tryAcquire(Duration.ZERO).orElseThrow();
			assertThat(there.strategy().tryAcquire(Duration.ZERO)).isEmpty();
			lock.close();
			there.strategy().tryAcquire(Duration.ZERO).orElseThrow().close();
		}
	}

	@Test
	void holderIsNamed() throws SQLException {
		try (Contestant holder = contestant("jdbc:h2:mem:named"); Contestant waiter = contestant("jdbc:h2:mem:named")) {
			assertThat(waiter.strategy().holder()).isEmpty();
			MigrationLock lock = holder.strategy().tryAcquire(Duration.ZERO).orElseThrow();
			LockHolder seen = waiter.strategy().holder().orElseThrow();
			assertThat(seen.instance()).isEqualTo(holder.request().instance().label());
			assertThat(seen.since()).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
			LockWaiter impatient = new LockWaiter(waiter.strategy(), Duration.ofMillis(300), Duration.ofMillis(5),
					Duration.ofSeconds(5), new StopSignal());
			assertThatExceptionOfType(LockTimeoutException.class)
				.isThrownBy(() -> impatient.await(() -> false, (who) -> {
				}))
				.withMessageContaining(holder.request().instance().label());
			lock.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:loaders", "jdbc:sqlite:file:loaders?mode=memory&cache=shared" })
	void isSharedByClassLoaders(String url) throws Exception {
		URL[] urls = { url(ProcessLock.class), url(ProcessLockTests.class) };
		try (URLClassLoader loader = new OwnClasses(urls); Contestant here = contestant(url)) {
			Class<?> type = loader.loadClass(Attempt.class.getName());
			assertThat(type).isNotSameAs(Attempt.class);
			Callable<?> attempt = (Callable<?>) type.getDeclaredConstructor(String.class).newInstance(url);
			MigrationLock lock = here.strategy().tryAcquire(Duration.ZERO).orElseThrow();
			assertThat(attempt.call()).isEqualTo(false);
			lock.close();
			assertThat(attempt.call()).isEqualTo(true);
		}
	}

	private static URL url(Class<?> type) {
		return type.getProtectionDomain().getCodeSource().getLocation();
	}

	/**
	 * Tries to take the lock.
	 *
	 * @param url the database
	 */
	public record Attempt(String url) implements Callable<Boolean> {

		@Override
		public Boolean call() throws SQLException {
			try (Contestant contestant = contestant(this.url)) {
				return contestant.strategy().tryAcquire(Duration.ZERO).isPresent();
			}
		}

	}

	/**
	 * Has the project's classes once more, and shares everything else.
	 */
	private static final class OwnClasses extends URLClassLoader {

		OwnClasses(URL[] urls) {
			super(urls, ProcessLockTests.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.startsWith("io.github.migrateboot.")) {
				return super.loadClass(name, resolve);
			}
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : findClass(name);
			}
		}

	}

	/**
	 * The contract, for any database in memory.
	 */
	abstract static class Contract extends LockStrategyContract {

		private final String url;

		private Connection anchor;

		Contract(String url) {
			this.url = url;
		}

		static LockRequest request(String url, String table, @Nullable String name) throws SQLException {
			return request(() -> DriverManager.getConnection(url), table, name);
		}

		@BeforeEach
		void keepDatabase() throws SQLException {
			this.anchor = DriverManager.getConnection(this.url);
		}

		@AfterEach
		void dropDatabase() throws SQLException {
			this.anchor.close();
		}

		@Override
		protected Contestant enter(String table, @Nullable String name) throws SQLException {
			return contestant(this.url, table, name);
		}

		@Override
		protected void takeAway(Contestant holder) {
			takeAwayAll();
		}

		@Override
		protected void verifyNothingLeftBehind(Contestant contestant) throws SQLException {
			assertThat(contestant.request().connection().getAutoCommit()).isTrue();
			Jdbc.execute(this.anchor, "create table left_behind (a integer)");
			Jdbc.execute(this.anchor, "drop table left_behind");
		}

		@Override
		protected boolean doesConditionTell() {
			return false;
		}

		@Test
		void isDescribed() throws SQLException {
			LockStrategy strategy = enter("schema_migrations", null).strategy();
			assertThat(strategy.name()).isEqualTo("process");
			assertThat(strategy.describe()).contains("lock of this process", "no other process can reach");
			strategy.close();
		}

	}

	@Nested
	class OnH2 extends Contract {

		OnH2() {
			super("jdbc:h2:mem:" + unique());
		}

	}

	@Nested
	class OnSqlite extends Contract {

		OnSqlite() {
			super("jdbc:sqlite:file:" + unique() + "?mode=memory&cache=shared");
		}

	}

}
