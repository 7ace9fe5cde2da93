package io.github.migrateboot.lock;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LeaseWatch}.
 */
class LeaseWatchTests {

	private static final LeaseRow ROW = new LeaseRow("web-1", 7, 40);

	private final LeaseWatch watch = new LeaseWatch(Duration.ofSeconds(5));

	@Test
	void isOverAfterAnswersThatSpanTheLease() {
		for (int second = 0; second < 5; second++) {
			assertThat(isOver(ROW, second)).isFalse();
		}
		assertThat(isOver(ROW, 5)).isTrue();
	}

	@Test
	void twoAnswersFarApartSayNothing() {
		assertThat(isOver(ROW, 0)).isFalse();
		assertThat(isOver(ROW, 6)).isFalse();
		assertThat(isOver(ROW, 60)).isFalse();
	}

	@Test
	void lateAnswerBeginsANewSpan() {
		assertThat(isOver(ROW, 0)).isFalse();
		assertThat(isOver(ROW, 2)).isFalse();
		assertThat(isOver(ROW, 4.5)).isFalse();
		assertThat(isOver(ROW, 6)).isFalse();
		assertThat(isOver(ROW, 8)).isFalse();
		assertThat(isOver(ROW, 9.5)).isTrue();
	}

	@Test
	void signOfLifeBeginsANewSpan() {
		for (int second = 0; second < 60; second++) {
			assertThat(isOver(new LeaseRow("web-1", 7, second / 4), second)).isFalse();
		}
	}

	@Test
	void anotherTokenBeginsANewSpan() {
		for (int second = 0; second < 60; second++) {
			assertThat(isOver(new LeaseRow("web-1", second / 4, 40), second)).isFalse();
		}
	}

	@Test
	void missingAnswerBeginsANewSpan() {
		assertThat(isOver(ROW, 0)).isFalse();
		assertThat(isOver(ROW, 2)).isFalse();
		assertThat(isOver(ROW, 4)).isFalse();
		this.watch.interrupted();
		assertThat(isOver(ROW, 5)).isFalse();
		assertThat(isOver(ROW, 7)).isFalse();
		assertThat(isOver(ROW, 9)).isFalse();
		assertThat(isOver(ROW, 10)).isTrue();
	}

	private boolean isOver(LeaseRow row, double seconds) {
		return this.watch.isOver(row, (long) (seconds * 1_000_000_000));
	}

}
