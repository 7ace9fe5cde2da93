package io.github.migrateboot.benchmarks;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.core.metrics.ApplicationStartup;
import org.springframework.core.metrics.StartupStep;

/**
 * Adds up what it takes to make certain beans, without the other beans that are made for
 * them meanwhile. Sees the thread that it was made on.
 */
final class BeanTimes implements ApplicationStartup {

	private static final StartupStep UNSEEN = ApplicationStartup.DEFAULT.start("unseen");

	private final Thread thread = Thread.currentThread();

	private final Deque<BeanStep> open = new ArrayDeque<>();

	private final LongSupplier clock;

	private final Predicate<String> counted;

	private long since;

	private long total;

	BeanTimes(LongSupplier clock, Predicate<String> counted) {
		this.clock = clock;
		this.counted = counted;
		this.since = clock.getAsLong();
	}

	long total() {
		return this.total;
	}

	@Override
	public StartupStep start(String name) {
		if (Thread.currentThread() != this.thread || !"spring.beans.instantiate".equals(name)) {
			return UNSEEN;
		}
		charge();
		BeanStep step = new BeanStep();
		this.open.push(step);
		return step;
	}

	/**
	 * Add the time since the last change to the bean that is being made.
	 */
	private void charge() {
		long now = this.clock.getAsLong();
		BeanStep current = this.open.peek();
		if (current != null && this.counted.test(current.bean)) {
			this.total += now - this.since;
		}
		this.since = now;
	}

	/**
	 * The making of a bean.
	 */
	private final class BeanStep implements StartupStep {

		private String bean = "";

		@Override
		public String getName() {
			return "spring.beans.instantiate";
		}

		@Override
		public long getId() {
			return 0;
		}

		@Override
		public @Nullable Long getParentId() {
			return null;
		}

		@Override
		public StartupStep tag(String key, String value) {
			if ("beanName".equals(key)) {
				this.bean = value;
			}
			return this;
		}

		@Override
		public StartupStep tag(String key, Supplier<String> value) {
			return this;
		}

		@Override
		public Tags getTags() {
			return Collections::emptyIterator;
		}

		@Override
		public void end() {
			charge();
			BeanTimes.this.open.pop();
		}

	}

}
