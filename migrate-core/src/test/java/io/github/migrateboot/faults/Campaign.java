package io.github.migrateboot.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs rounds, on several platforms at once: most of a round's time is spent waiting.
 */
final class Campaign implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Campaign.class);

	private final ChildClasses classes = new ChildClasses();

	private final ExecutorService threads;

	/**
	 * Create a campaign.
	 * @param threads on how many platforms it works at once
	 */
	Campaign(int threads) {
		this.threads = Executors.newFixedThreadPool(threads);
	}

	/**
	 * Begin with the rounds on a platform.
	 * @param platform the platform
	 * @param plans what to do there
	 * @return what comes of it; fails if the platform can't be had
	 */
	Future<List<Verdict>> start(Platform platform, List<Plan> plans) {
		return this.threads.submit(() -> {
			List<Verdict> verdicts = new ArrayList<>();
			try (Site site = Site.open(platform, this.classes)) {
				for (Plan plan : plans) {
					verdicts.add(round(site, plan));
				}
			}
			return verdicts;
		});
	}

	private Verdict round(Site site, Plan plan) {
		Verdict verdict = run(site, plan);
		logger.info("{}", verdict);
		if (!verdict.violations().isEmpty()) {
			logger.error("{}", verdict.report());
		}
		return verdict;
	}

	private Verdict run(Site site, Plan plan) {
		try {
			return Round.run(site, plan, this.classes.folder());
		}
		catch (RuntimeException | AssertionError ex) {
			logger.error("{} seed {} broke", plan.title(), plan.seed(), ex);
			Verdict verdict = new Verdict(plan);
			verdict.violation("The round broke: " + ex);
			return verdict;
		}
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
		this.classes.close();
	}

}
