package io.github.migrateboot.lock;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.migrateboot.database.Jdbc;
import io.github.migrateboot.failure.InterruptedMigrationException;
import io.github.migrateboot.failure.LockLostException;
import io.github.migrateboot.failure.LockTimeoutException;
import io.github.migrateboot.test.lock.Contestant;
import io.github.migrateboot.test.lock.LockStrategyContract;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.TestDatabase;
import io.github.migrateboot.testing.TestServer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What {@link LockStrategy} promises, and what the product's strategies have in common
 * besides. Every strategy passes this on every server that it is used for.
 */
abstract class LockContractTests extends LockStrategyContract {

	private static final Contender.Options DEFAULTS = Contender.Options.DEFAULTS;

	private final TestServer server;

	private final String strategyName;

	private final List<Contender> contenders = new CopyOnWriteArrayList<>();

	private TestDatabase database;

	LockContractTests(TestServer server, String strategyName) {
		this.server = server;
		this.strategyName = strategyName;
	}

	/**
	 * Take the lock away while the migrating connection lives on.
	 */
	abstract void loseLock(Contender holder) throws SQLException;

	/**
	 * Create an empty database.
	 */
	TestDatabase newDatabase() {
		return this.server.create();
	}

	/**
	 * Return what is configured.
	 */
	LockChoice choice() {
		return LockChoice.AUTO;
	}

	/**
	 * Return how long after the end of its holder the lock may be taken.
	 */
	Duration freeWithin() {
		return Duration.ofSeconds(10);
	}

	/**
	 * Return how contenders reach a database.
	 */
	TestDatabase client(TestDatabase database) {
		return database;
	}

	/**
	 * Whether the condition can tell, or only {@link MigrationLock#verify()}.
	 */
	boolean conditionTells() {
		return true;
	}

	/**
	 * Return what others see of a holder.
	 */
	String visibleLabel(Contender holder) {
		return holder.request.instance().label();
	}

	/**
	 * Whether others see since when the holder's session or lock exists.
	 */
	boolean tellsSince() {
		return true;
	}

	/**
	 * Check that a contender that did not get the lock has no transaction, no snapshot
	 * and no table lock.
	 */
	abstract void assertLeavesNothingBehind(Contender contender) throws SQLException;

	@Override
	protected final Contestant enter(String table, @Nullable String name) {
		Contender contender = contender(new Contender.Options(DEFAULTS.application(), table, name, DEFAULTS.choice()));
		return new Contestant(contender.request, contender.strategy);
	}

	@Override
	protected final void takeAway(Contestant holder) throws SQLException {
		loseLock(contender(holder));
	}

	@Override
	protected final void verifyNothingLeftBehind(Contestant contestant) throws SQLException {
		assertLeavesNothingBehind(contender(contestant));
	}

	@Override
	protected final boolean doesConditionTell() {
		return conditionTells();
	}

	@Override
	protected final boolean isFreeWhenTakenAway() {
		// On H2 the migrating session still protects its work.
		return this.server != TestServer.H2;
	}

	private Contender contender(Contestant contestant) {
		return this.contenders.stream()
			.filter((contender) -> contender.strategy == contestant.strategy())
			.findFirst()
			.orElseThrow();
	}

	@BeforeEach
	void createDatabase() {
		this.database = newDatabase();
	}

	@AfterEach
	void dropDatabase() throws SQLException {
		for (Contender contender : this.contenders) {
			contender.close();
		}
		// Also called where the server is missing and the test was skipped.
		if (this.database != null) {
			this.database.close();
		}
	}

	final TestDatabase database() {
		return this.database;
	}

	final Contender contender() {
		return contender(DEFAULTS);
	}

	final Contender contender(Contender.Options options) {
		Contender contender = Contender.on(client(this.database), options.withChoice(choice()));
		this.contenders.add(contender);
		return contender;
	}

	final boolean holds(Contender contender, MigrationLock lock) throws SQLException {
		return Jdbc.isTrue(contender.connection, lock.condition());
	}

	@Test
	void isChosenByDefaultAndDescribed() {
		Contender contender = contender();
		assertThat(contender.strategy.name()).isEqualTo(this.strategyName);
		assertThat(contender.strategy.describe()).contains(contender.request.server().database().displayName(),
				contender.request.server().version());
	}

	@Test
	void isNotTakenTwice() throws SQLException {
		Contender contender = contender();
		MigrationLock lock = contender.tryAcquire().orElseThrow();
		assertThatIllegalStateException().isThrownBy(contender::tryAcquire);
		lock.close();
		lock.close();
		assertThatIllegalStateException().isThrownBy(lock::verify);
		try (MigrationLock again = contender.tryAcquire().orElseThrow()) {
			again.verify();
		}
	}

	@Test
	void isTakenInAutocommitOnly() throws SQLException {
		Contender contender = contender();
		contender.connection.setAutoCommit(false);
		assertThatIllegalStateException().isThrownBy(contender::tryAcquire).withMessageContaining("autocommit");
	}

	@Test
	void oneOfManyProcessesHoldsIt() {
		int processes = 4;
		int times = 15;
		this.database.execute("create table counter (n int)", "insert into counter values (0)");
		List<ChildJvm> children = new ArrayList<>();
		for (int i = 0; i < processes; i++) {
			children.add(ContenderProcess.counting(client(this.database), choice(), times));
		}
		for (ChildJvm child : children) {
			assertThat(child.awaitExit(Duration.ofSeconds(90))).as(child.output()).isZero();
			child.close();
		}
		assertThat(this.database.jdbc().queryForObject("select n from counter", Integer.class))
			.isEqualTo(processes * times);
	}

	@Test
	void lossIsDescribed() throws SQLException {
		Contender contender = contender();
		MigrationLock lock = contender.tryAcquire().orElseThrow();
		loseLock(contender);
		assertThatExceptionOfType(LockLostException.class).isThrownBy(lock::verify)
			.withMessageContaining(contender.strategy.describe());
	}

	@Test
	void isFreeWhenTheHolderIsKilled() throws SQLException {
		Contender other = contender();
		try (ChildJvm child = ContenderProcess.holding(client(this.database), choice())) {
			child.awaitOutput("HOLDS THE LOCK", Duration.ofSeconds(30));
			assertThat(other.tryAcquire()).isEmpty();
			child.kill();
			awaitFree(other);
		}
		assertThat(other.strategy.holder()).isEmpty();
	}

	private void awaitFree(Contender contender) {
		Awaitility.await().atMost(freeWithin()).until(() -> {
			contender.tryAcquire().ifPresent(MigrationLock::close);
			return contender.tryAcquire().map((lock) -> {
				lock.close();
				return true;
			}).orElse(false);
		});
	}

	@Test
	void otherDatabasesAreNotBlocked() throws SQLException {
		try (TestDatabase second = newDatabase();
				Contender there = Contender.on(client(second), DEFAULTS.withChoice(choice()));
				MigrationLock here = contender().tryAcquire().orElseThrow();
				MigrationLock other = there.tryAcquire().orElseThrow()) {
			here.verify();
			other.verify();
		}
	}

	@Test
	void holderIsNamed() throws SQLException {
		Contender waiter = contender();
		assertThat(waiter.strategy.holder()).isEmpty();
		Contender holder = contender(DEFAULTS.withApplication("billing"));
		try (MigrationLock lock = holder.tryAcquire().orElseThrow()) {
			// A statement may be seen for a moment after its answer has arrived.
			Awaitility.await().until(() -> waiter.strategy.holder().orElseThrow().statement() == null);
			LockHolder seen = waiter.strategy.holder().orElseThrow();
			assertThat(seen.instance()).contains(visibleLabel(holder));
			if (tellsSince()) {
				assertThat(seen.since()).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(5));
			}
			assertThat(holder.strategy.holder()).map(LockHolder::instance).hasValue(seen.instance());
			lock.verify();
		}
		assertThat(waiter.strategy.holder()).isEmpty();
	}

	@Test
	void timeoutNamesTheHolder() throws SQLException {
		Contender holder = contender(DEFAULTS.withApplication("billing"));
		holder.tryAcquire().orElseThrow();
		Contender waiter = contender();
		List<LockHolder> reported = new ArrayList<>();
		long start = System.nanoTime();
		assertThatExceptionOfType(LockTimeoutException.class)
			.isThrownBy(() -> waiter.waiter(Duration.ofMillis(1200)).await(() -> false, reported::add))
			.satisfies((ex) -> {
				assertThat(ex.getDescription()).contains(visibleLabel(holder), waiter.strategy.describe());
				assertThat(ex.getAction()).contains("Nothing has to be unlocked", "migrate.lock.timeout",
						waiter.advice().howToEnd(reported.get(0)));
			});
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(1200),
				Duration.ofSeconds(4));
		assertThat(reported).hasSizeGreaterThan(1);
		assertThat(reported.get(0).instance()).contains(visibleLabel(holder));
		assertLeavesNothingBehind(waiter);
	}

	@Test
	void waiterIsDoneWhenNothingIsPending() throws SQLException {
		Contender holder = contender();
		MigrationLock lock = holder.tryAcquire().orElseThrow();
		AtomicInteger asked = new AtomicInteger();
		assertThat(contender().waiter(Duration.ofSeconds(30)).await(() -> asked.incrementAndGet() == 3, (ignored) -> {
		})).isEmpty();
		assertThat(asked).hasValue(3);
		lock.verify();
	}

	@Test
	void waiterGetsTheLockWhenItIsReleased() throws Exception {
		MigrationLock lock = contender().tryAcquire().orElseThrow();
		Contender waiter = contender();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		AtomicInteger asked = new AtomicInteger();
		Future<MigrationLock> waiting = executor
			.submit(() -> waiter.waiter(Duration.ofSeconds(30)).await(() -> asked.incrementAndGet() < 0, (ignored) -> {
			}).orElseThrow());
		Awaitility.await().until(() -> asked.get() > 1);
		assertThat(waiting).isNotDone();
		lock.close();
		waiting.get(5, TimeUnit.SECONDS).close();
		executor.shutdown();
	}

	@Test
	void waiterIsInterrupted() throws Exception {
		contender().tryAcquire().orElseThrow();
		Contender waiter = contender();
		AtomicInteger asked = new AtomicInteger();
		boolean[] flag = new boolean[1];
		Thread thread = new Thread(() -> {
			assertThatExceptionOfType(InterruptedMigrationException.class).isThrownBy(
					() -> waiter.waiter(Duration.ofSeconds(30)).await(() -> asked.incrementAndGet() < 0, (ignored) -> {
					}));
			flag[0] = Thread.currentThread().isInterrupted();
		});
		thread.start();
		Awaitility.await().until(() -> asked.get() > 1);
		// More than once, because H2 swallows an interrupt that comes while it waits.
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> {
			thread.interrupt();
			return !thread.isAlive();
		});
		assertThat(flag[0]).isTrue();
	}

	/**
	 * Return a connection that is neither a holder's nor a waiter's.
	 */
	final Connection administrator() {
		return this.database.connect();
	}

}
