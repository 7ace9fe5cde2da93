package io.github.migrateboot.faults;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.testing.ChildJvm;
import org.jspecify.annotations.Nullable;

/**
 * One of the processes of a round.
 */
final class Replica implements AutoCloseable {

	private static final Pattern APPLIED = Pattern.compile("Applied (\\d{4})_");

	private static final Pattern TRIPPED = Pattern.compile("so it is cancelled and rolled back");

	private static final Pattern FAILED = Pattern.compile("(?m)^FAILED (\\w+): ");

	private final String name;

	private final ChildJvm process;

	private final @Nullable FaultyProxy network;

	private boolean hit;

	Replica(String name, ChildJvm process, @Nullable FaultyProxy network) {
		this.name = name;
		this.process = process;
		this.network = network;
	}

	ChildJvm process() {
		return this.process;
	}

	FaultyProxy network() {
		if (this.network == null) {
			throw new IllegalStateException("No network faults in this round");
		}
		return this.network;
	}

	/**
	 * Note that something was done to it, so that it may end in any way.
	 */
	void hit() {
		this.hit = true;
	}

	boolean isHit() {
		return this.hit;
	}

	boolean hasBegun() {
		return this.process.output().contains("migrations are pending; using");
	}

	/**
	 * Return which migrations it has applied.
	 */
	Set<String> applied() {
		Set<String> applied = new TreeSet<>();
		Matcher matcher = APPLIED.matcher(this.process.output());
		while (matcher.find()) {
			applied.add(matcher.group(1));
		}
		return applied;
	}

	/**
	 * Return whether it ended well.
	 */
	boolean isDone() {
		return this.process.output().contains("DONE applied=");
	}

	/**
	 * Return the exception it ended with.
	 */
	@Nullable String failure() {
		Matcher matcher = FAILED.matcher(this.process.output());
		return matcher.find() ? matcher.group(1) : null;
	}

	/**
	 * Return how often the fuse has ended a try of it.
	 */
	int trips() {
		return (int) TRIPPED.matcher(this.process.output()).results().count();
	}

	boolean awaitExit(Duration timeout) {
		try {
			this.process.awaitExit(timeout);
			return true;
		}
		catch (AssertionError ex) {
			return false;
		}
	}

	@Override
	public void close() {
		this.process.close();
		if (this.network != null) {
			this.network.close();
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

}
