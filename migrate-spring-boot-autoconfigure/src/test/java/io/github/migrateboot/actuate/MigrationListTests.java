package io.github.migrateboot.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.HistoryAccessException;
import io.github.migrateboot.status.MigrationInfo;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MigrationList}.
 */
@Timeout(30)
class MigrationListTests {

	private static final Instant NOW = Instant.parse("2026-11-01T08:00:00Z");

	private static final MigrationInfo FIRST = new MigrationInfo("1", "1_first.sql", MigrationInfo.State.APPLIED, null,
			null, null, null);

	private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

	@Test
	void answersWithWhatTheDatabaseSays() {
		MigrationList list = list(() -> List.of(FIRST), Duration.ofSeconds(20));
		assertThat(list.read()).isEqualTo(new MigrationList.Answer(List.of(FIRST), NOW, null));
	}

	@Test
	void asksAgainEachTime() {
		AtomicInteger count = new AtomicInteger();
		MigrationList list = list(() -> {
			count.incrementAndGet();
			return List.of();
		}, Duration.ofSeconds(20));
		list.read();
		list.read();
		assertThat(count).hasValue(2);
	}

	@Test
	void saysThatNothingIsKnownIfTheFirstQueryTakesTooLong() {
		CountDownLatch release = new CountDownLatch(1);
		MigrationList list = list(() -> {
			await(release);
			return List.of(FIRST);
		}, Duration.ofMillis(20));
		MigrationList.Answer answer = list.read();
		assertThat(answer.migrations()).isEmpty();
		assertThat(answer.asOf()).isNull();
		assertThat(reason(answer, StatementTexts.HIDDEN))
			.isEqualTo("The database has not answered within 20 ms; the query goes on.");
		release.countDown();
	}

	@Test
	void answersWithTheLastKnownListIfAQueryTakesTooLong() {
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger count = new AtomicInteger();
		MigrationList list = list(() -> {
			if (count.getAndIncrement() > 0) {
				await(release);
				return List.of();
			}
			return List.of(FIRST);
		}, Duration.ofSeconds(1));
		assertThat(list.read().stale()).isNull();
		MigrationList.Answer answer = list.read();
		assertThat(answer.migrations()).containsExactly(FIRST);
		assertThat(answer.asOf()).isEqualTo(NOW);
		assertThat(answer.stale()).isNotNull();
		release.countDown();
	}

	@Test
	void remembersWhatALateQueryHasFound() {
		CountDownLatch release = new CountDownLatch(1);
		AtomicReference<Supplier<List<MigrationInfo>>> query = new AtomicReference<>(() -> {
			await(release);
			return List.of(FIRST);
		});
		MigrationList list = list(() -> query.get().get(), Duration.ofMillis(20));
		assertThat(list.read().migrations()).isEmpty();
		query.set(() -> {
			throw failure();
		});
		release.countDown();
		Awaitility.await().untilAsserted(() -> assertThat(list.read().migrations()).containsExactly(FIRST));
	}

	@Test
	void asksOnceAtATimeHoweverManyWait() {
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger count = new AtomicInteger();
		MigrationList list = list(() -> {
			count.incrementAndGet();
			await(release);
			return List.of();
		}, Duration.ofMillis(20));
		for (int i = 0; i < 5; i++) {
			list.read();
		}
		assertThat(count).hasValue(1);
		release.countDown();
	}

	@Test
	void saysWhyTheListCannotBeRead() {
		MigrationList list = list(() -> {
			throw failure();
		}, Duration.ofSeconds(20));
		assertThat(reason(list.read(), StatementTexts.SHOWN)).isEqualTo("No permission on x.");
		assertThat(reason(list.read(), StatementTexts.HIDDEN)).isEqualTo("No permission.");
	}

	@Test
	void saysWhatHappenedThatNobodyExpected() {
		MigrationList list = list(() -> {
			throw new IllegalStateException("no x");
		}, Duration.ofSeconds(20));
		assertThat(reason(list.read(), StatementTexts.SHOWN))
			.isEqualTo("The list cannot be read: java.lang.IllegalStateException: no x");
		assertThat(reason(list.read(), StatementTexts.HIDDEN))
			.isEqualTo("The list cannot be read: java.lang.IllegalStateException");
	}

	private static String reason(MigrationList.Answer answer, StatementTexts texts) {
		assertThat(answer.stale()).isNotNull();
		return answer.stale().reason(texts);
	}

	@Test
	void asksOnADaemonThread() {
		AtomicReference<Thread> thread = new AtomicReference<>();
		list(() -> {
			thread.set(Thread.currentThread());
			return List.of();
		}, Duration.ofSeconds(20)).read();
		assertThat(thread.get().isDaemon()).isTrue();
	}

	private MigrationList list(Supplier<List<MigrationInfo>> query, Duration patience) {
		return new MigrationList(query, patience, this.clock);
	}

	private static HistoryAccessException failure() {
		return new HistoryAccessException(new FailureText("No permission on x.", "No permission."), "Grant SELECT.",
				null);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
