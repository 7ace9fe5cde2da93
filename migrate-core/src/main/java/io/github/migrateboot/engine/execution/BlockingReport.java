package io.github.migrateboot.engine.execution;

import java.time.Duration;

import io.github.migrateboot.database.Blocking;
import io.github.migrateboot.database.Victims;
import io.github.migrateboot.lock.ElapsedTime;
import io.github.migrateboot.status.MigratorStatus.Running;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whom a migration keeps waiting: in the status each time it is seen, in the log
 * when it is a second, and again each report interval.
 */
final class BlockingReport {

	private static final Logger logger = LoggerFactory.getLogger(BlockingReport.class);

	private static final Duration WORTH_TELLING = Duration.ofSeconds(1);

	private final RunProgress progress;

	private final @Nullable Duration limit;

	private final Duration interval;

	/** Guarded by this object, as what follows. */
	private @Nullable ElapsedTime told;

	private @Nullable Running about;

	private boolean blind;

	BlockingReport(RunProgress progress, @Nullable Duration limit, Duration interval) {
		this.progress = progress;
		this.limit = limit;
		this.interval = interval;
	}

	/**
	 * Tell what was seen.
	 * @param blindness what can't be seen, or {@code null}
	 */
	synchronized void saw(Victims victims, @Nullable String blindness) {
		if (blindness != null && !this.blind) {
			this.blind = true;
			tellIfLimited(blindness);
		}
		Running running = this.progress.running();
		if (running == null || (victims.isEmpty() && this.about == null)) {
			return;
		}
		this.about = victims.isEmpty() ? null : running;
		this.progress.blocking(running, victims.isEmpty() ? null : victims.blocking());
		boolean due = this.told == null || this.told.get().compareTo(this.interval) >= 0;
		if (victims.blocking().longest().compareTo(WORTH_TELLING) >= 0 && due) {
			this.told = new ElapsedTime();
			logger.warn("Migration {} keeps {}", running.name(), describe(victims));
		}
	}

	/**
	 * Tell that a try is being ended.
	 */
	void tripped(Victims victims) {
		Running running = this.progress.running();
		logger.warn(
				"{} keeps {}. That is longer than migrate.statement.max-blocking allows ({}), so it is cancelled and"
						+ " rolled back",
				(running != null) ? "Migration " + running.name() : "A migration", describe(victims),
				(this.limit != null) ? ElapsedTime.seconds(this.limit) : "none");
	}

	/**
	 * Say in one clause who waits and for how long.
	 */
	static String describe(Victims victims) {
		Blocking blocking = victims.blocking();
		return ((blocking.sessions() == 1) ? "1 session waiting, for "
				: blocking.sessions() + " sessions waiting, the first for ") + ElapsedTime.seconds(blocking.longest())
				+ ": " + victims.describe();
	}

	/**
	 * Tell once that nobody can be seen.
	 * @param reason why, as a clause
	 */
	synchronized void blind(String reason) {
		if (!this.blind) {
			this.blind = true;
			tellIfLimited("It can't be seen whom a migration keeps waiting, so migrate.statement.max-blocking has no"
					+ " effect: " + reason);
		}
	}

	private void tellIfLimited(String sentence) {
		if (this.limit != null) {
			logger.warn("{}", sentence);
		}
		else {
			logger.debug("{}", sentence);
		}
	}

	/**
	 * Note that a try has ended, and nobody waits any more.
	 */
	synchronized void end() {
		Running running = this.about;
		this.about = null;
		if (running != null) {
			this.progress.blocking(running, null);
		}
	}

}
