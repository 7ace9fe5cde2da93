package io.github.migrateboot.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the fault campaign: a few rounds in a build, many when asked. The system
 * properties {@code migrate.test.faults.rounds} (on each platform), {@code .seed} (of the
 * first round), {@code .platforms} (names, and {@code DBMATE}) and {@code .threads}
 * change what is run.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultCampaignTests {

	private static final int ROUNDS = Integer.getInteger("migrate.test.faults.rounds", 2);

	private static final long SEED = Long.getLong("migrate.test.faults.seed", 1);

	private static final int THREADS = Integer.getInteger("migrate.test.faults.threads", 3);

	private static final List<String> PLATFORMS = List
		.of(System.getProperty("migrate.test.faults.platforms", "").split(","));

	private final Campaign campaign = new Campaign(THREADS);

	private final Map<Platform, Future<List<Verdict>>> alone = new EnumMap<>(Platform.class);

	private final Map<Platform, Future<List<Verdict>>> besideDbmate = new EnumMap<>(Platform.class);

	private final List<Verdict> verdicts = new ArrayList<>();

	@BeforeAll
	void start() {
		for (Platform platform : Platform.values()) {
			if (PLATFORMS.contains("") || PLATFORMS.contains(platform.name())) {
				this.alone.put(platform, start(platform, Plan::of));
			}
		}
		for (Platform platform : List.of(Platform.POSTGRES, Platform.SQLITE)) {
			if (PLATFORMS.contains("") || PLATFORMS.contains("DBMATE")) {
				this.besideDbmate.put(platform, start(platform, Plan::besideDbmate));
			}
		}
	}

	private Future<List<Verdict>> start(Platform platform, BiFunction<Platform, Long, Plan> plan) {
		return this.campaign.start(platform,
				LongStream.range(SEED, SEED + ROUNDS).mapToObj((seed) -> plan.apply(platform, seed)).toList());
	}

	@AfterAll
	void report() throws IOException {
		this.campaign.close();
		String table = Table.of(this.verdicts);
		System.out.println(table);
		Files.writeString(Path.of("target", "fault-campaign.md"), table);
	}

	@ParameterizedTest
	@EnumSource
	void keepsThePromises(Platform platform) throws InterruptedException {
		judge(this.alone.get(platform));
	}

	@ParameterizedTest
	@EnumSource(names = { "POSTGRES", "SQLITE" })
	void keepsThePromisesBesideDbmate(Platform platform) throws InterruptedException {
		judge(this.besideDbmate.get(platform));
	}

	private void judge(@Nullable Future<List<Verdict>> rounds) throws InterruptedException {
		if (rounds == null) {
			throw new TestAbortedException("not asked for");
		}
		try {
			List<Verdict> done = rounds.get();
			this.verdicts.addAll(done);
			assertThat(done).hasSize(ROUNDS);
			assertThat(done).filteredOn((verdict) -> !verdict.violations().isEmpty())
				.extracting(Verdict::report)
				.isEmpty();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof TestAbortedException missing) {
				throw missing;
			}
			throw new AssertionError(ex.getCause());
		}
	}

}
