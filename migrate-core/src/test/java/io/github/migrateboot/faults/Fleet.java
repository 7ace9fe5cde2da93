package io.github.migrateboot.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.migrateboot.faults.Plan.Strike;
import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.Dbmate;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;

/**
 * The processes of a round.
 */
final class Fleet implements AutoCloseable {

	private final Site site;

	private final TestDatabase database;

	private final MigrationFolder folder;

	private final boolean proxied;

	private final List<Replica> replicas = new ArrayList<>();

	private final List<Dbmate.Running> dbmates = new ArrayList<>();

	Fleet(Site site, TestDatabase database, MigrationFolder folder, boolean proxied) {
		this.site = site;
		this.database = database;
		this.folder = folder;
		this.proxied = proxied;
	}

	void start() {
		String name = "replica-" + (this.replicas.size() + 1);
		TestDatabase entry = this.site.entry(this.database, this.replicas.size());
		FaultyProxy network = this.proxied ? new FaultyProxy(entry) : null;
		ChildJvm process = MigrateProcess.start(this.site.jvmOptions(), (network != null) ? network.through() : entry,
				this.folder, name, options());
		this.replicas.add(new Replica(name, process, network));
	}

	private List<String> options() {
		if (this.site.platform().hasFuse()) {
			return List.of(MigrateProcess.FUSE);
		}
		return (this.site.platform() == Platform.GALERA) ? List.of(MigrateProcess.LEASE) : List.of();
	}

	void startDbmate() {
		this.dbmates.add(Dbmate.on(this.database, this.folder).start("up"));
	}

	/**
	 * Wait until dbmate has ended, as it does by itself.
	 * @return what is wrong with how it ended
	 */
	List<String> awaitDbmate() {
		List<String> wrong = new ArrayList<>();
		for (Dbmate.Running dbmate : this.dbmates) {
			Dbmate.Result result = dbmate.await();
			if (result.exit() != 0 && !result.output().contains("Error: ")) {
				wrong.add("dbmate ended with " + result.exit() + ": " + result.output());
			}
		}
		return wrong;
	}

	List<Replica> replicas() {
		return this.replicas;
	}

	boolean isAlive() {
		return this.replicas.stream().anyMatch((replica) -> replica.process().isAlive());
	}

	/**
	 * Return whether as many migrations have been applied, and another is about to be.
	 */
	boolean hasApplied(int count) {
		if (count == 0) {
			return this.replicas.stream().anyMatch(Replica::hasBegun);
		}
		Set<String> applied = new HashSet<>();
		this.replicas.forEach((replica) -> applied.addAll(replica.applied()));
		return applied.size() >= count;
	}

	/**
	 * Return whom a strike hits, of those that still run.
	 */
	Replica victim(Strike strike) {
		List<Replica> alive = this.replicas.stream().filter((replica) -> replica.process().isAlive()).toList();
		if (alive.isEmpty()) {
			return this.replicas.get(strike.victim() % this.replicas.size());
		}
		if (strike.busiest()) {
			return alive.stream()
				.max(Comparator.comparing((Replica replica) -> String.join(" ", replica.applied())))
				.orElseThrow();
		}
		return alive.get(strike.victim() % alive.size());
	}

	void killAll() {
		this.replicas.forEach((replica) -> {
			replica.hit();
			replica.process().kill();
		});
	}

	/**
	 * Wait for the end of all but one.
	 * @return those that did not end
	 */
	List<Replica> awaitExit(List<Replica> except, Duration timeout) {
		long end = System.nanoTime() + timeout.toNanos();
		List<Replica> running = new ArrayList<>();
		for (Replica replica : this.replicas) {
			Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
			if (!except.contains(replica) && !replica.awaitExit(left)) {
				running.add(replica);
			}
		}
		return running;
	}

	@Override
	public void close() {
		this.dbmates.forEach(Dbmate.Running::close);
		this.replicas.forEach(Replica::close);
	}

}
