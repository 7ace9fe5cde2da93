package io.github.migrateboot.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What happens in a round. Made from a seed: the same seed gives the same plan.
 *
 * @param platform where
 * @param seed the seed
 * @param workload the migrations
 * @param processes how many processes start at once
 * @param strikes the faults, in order
 */
record Plan(Platform platform, long seed, Workload workload, int processes, List<Strike> strikes) {

	private static final int[] PROCESSES = { 2, 2, 2, 2, 3, 3, 3, 4, 5, 8 };

	private static final int[] STRIKES = { 1, 1, 1, 1, 1, 1, 2, 2, 2, 3 };

	static Plan of(Platform platform, long seed) {
		RandomGenerator random = new SplittableRandom(seed * 31 + platform.name().hashCode());
		Workload workload = Workload.generate(platform, random, false);
		List<Fault> faults = platform.faults();
		List<Strike> strikes = new ArrayList<>();
		int count = STRIKES[random.nextInt(STRIKES.length)];
		for (int i = 0; i < count; i++) {
			int after = random.nextInt(workload.migrations().size());
			int delay = random.nextInt(workload.migrations().get(after).millis() + 50);
			strikes.add(new Strike(faults.get(random.nextInt(faults.size())), after, delay, random.nextInt(1000, 3000),
					random.nextInt(100) < 70, random.nextInt(1000), random.nextBoolean()));
		}
		strikes.sort(Comparator.comparingInt(Strike::after));
		return new Plan(platform, seed, workload, PROCESSES[random.nextInt(PROCESSES.length)], List.copyOf(strikes));
	}

	boolean hasNetworkFaults() {
		return this.strikes.stream().anyMatch((strike) -> strike.fault().isOfNetwork());
	}

	/**
	 * A fault at some point.
	 *
	 * @param fault what
	 * @param after how many migrations are to be applied before
	 * @param delayMillis how much later it comes
	 * @param durationMillis how long it lasts, if it does
	 * @param busiest whether it hits whoever seems to be migrating
	 * @param victim a number from which the victim is chosen otherwise
	 * @param replaced whether a process that is ended is started again
	 */
	record Strike(Fault fault, int after, int delayMillis, int durationMillis, boolean busiest, int victim,
			boolean replaced) {

	}

}
