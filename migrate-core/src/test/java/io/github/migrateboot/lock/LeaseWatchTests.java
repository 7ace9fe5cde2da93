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

	@Test
	void isOverAfterSeveralDelayedAnswersWhereAllAreDelayed() {
		for (double second = 0; second < 18; second += 3) {
			assertThat(isOver(ROW, second)).isFalse();
		}
		assertThat(isOver(ROW, 18)).isTrue();
	}

	@Test
	void delayedAnswersMustSpanTwiceTheDuration() {
		LeaseWatch longer = new LeaseWatch(Duration.ofSeconds(30));
		for (double second = 0; second < 60; second += 2.5) {
			assertThat(longer.isOver(ROW, (long) (second * 1_000_000_000))).isFalse();
		}
		assertThat(longer.isOver(ROW, 60_000_000_000L)).isTrue();
	}

	@Test
	void missingAnswerAmongDelayedOnesBeginsANewSpan() {
		for (double second = 0; second < 18; second += 3) {
			assertThat(isOver(ROW, second)).isFalse();
		}
		this.watch.interrupted();
		for (double second = 18; second < 36; second += 3) {
			assertThat(isOver(ROW, second)).isFalse();
		}
		assertThat(isOver(ROW, 36)).isTrue();
	}

	@Test
	void holderWhoseSignsAreDelayedAsMuchIsNotOver() {
		for (double second = 0; second < 600; second += 3) {
			assertThat(isOver(new LeaseRow("web-1", 7, (int) (second / 9)), second)).isFalse();
		}
	}

	/**
	 * A sign of life first waits for the DDL that runs, in vain if that takes 30 seconds,
	 * and then for the next one.
	 */
	@Test
	void holderThatExecutesOneLongDdlStatementAfterAnotherIsNotOver() {
		for (int second = 0; second < 3600; second += 35) {
			assertThat(isOver(new LeaseRow("web-1", 7, second / 140), second)).isFalse();
			// Between two of them, there are quick answers.
			assertThat(isOver(new LeaseRow("web-1", 7, second / 140), second + 0.2)).isFalse();
		}
	}

	private boolean isOver(LeaseRow row, double seconds) {
		return this.watch.isOver(row, (long) (seconds * 1_000_000_000));
	}

}
