package io.github.migrateboot.faults;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What happens in a round. Made from a seed: the same seed gives the same plan.
 *
 * @param platform where
 * @param seed the seed
 * @param workload the migrations
 * @param processes how many processes start at once
 * @param dbmates how many dbmate processes start beside them
 * @param strikes the faults, in order
 * @param served whether one of the processes serves the database to the others
 */
record Plan(Platform platform, long seed, Workload workload, int processes, int dbmates, List<Strike> strikes,
		boolean served) {

	private static final int[] PROCESSES = { 2, 2, 2, 2, 3, 3, 3, 4, 5, 8 };

	private static final int[] STRIKES = { 1, 1, 1, 1, 1, 1, 2, 2, 2, 3 };

	/** What dbmate, too, can be expected to survive or to report. */
	private static final Set<Fault> BESIDE_DBMATE = Set.of(Fault.KILL, Fault.KILL_ALL, Fault.TERMINATE, Fault.PAUSE,
			Fault.END_SESSION);

	static Plan of(Platform platform, long seed) {
		return of(platform, seed, 0);
	}

	static Plan besideDbmate(Platform platform, long seed) {
		return of(platform, seed, 1 + (int) (seed % 2));
	}

	private static Plan of(Platform platform, long seed, int dbmates) {
		RandomGenerator random = new SplittableRandom(seed * 31 + platform.name().hashCode());
		Workload workload = new WorkloadGenerator(platform, random, dbmates > 0).generate();
		List<Fault> faults = platform.faults();
		faults.removeIf((fault) -> dbmates > 0 && !BESIDE_DBMATE.contains(fault));
		List<Strike> strikes = new ArrayList<>();
		int count = STRIKES[random.nextInt(STRIKES.length)];
		for (int i = 0; i < count; i++) {
			int after = 0;
			// A point in the time that everything takes
			int delay = random.nextInt(workload.millis());
			while (delay >= workload.migrations().get(after).millis()) {
				delay -= workload.migrations().get(after++).millis();
			}
			strikes.add(new Strike(faults.get(random.nextInt(faults.size())), after, delay, random.nextInt(1000, 3000),
					random.nextInt(100) < 70, random.nextInt(1000), random.nextBoolean()));
		}
		strikes.sort(Comparator.comparingInt(Strike::after));
		return new Plan(platform, seed, workload, PROCESSES[random.nextInt(PROCESSES.length)], dbmates,
				List.copyOf(strikes), platform == Platform.H2 && random.nextInt(3) == 0);
	}

	/**
	 * Return what it is listed as.
	 */
	String title() {
		return this.platform + ((this.dbmates > 0) ? " beside dbmate" : "");
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
