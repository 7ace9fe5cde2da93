package io.github.migrateboot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.github.migrateboot.engine.run.Shutdown;
import io.github.migrateboot.failure.DatabaseFailedException;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.plan.MeasuredFile;
import io.github.migrateboot.plan.MigrationPlan;
import io.github.migrateboot.status.MigrationListener;
import io.github.migrateboot.status.MigrationReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All migrators of an application, each with the name of its database, in the order in
 * which they run. An application with one database has one, {@value #DEFAULT_NAME}.
 * Thread-safe.
 */
public final class Migrators {

	/**
	 * The name of the only database of an application that gives it no other.
	 */
	public static final String DEFAULT_NAME = "default";

	private static final Logger logger = LoggerFactory.getLogger(Migrators.class);

	private final Map<String, Migrator> migrators;

	private final boolean several;

	/**
	 * Create the migrators of several databases.
	 * @param migrators the migrators by name, in the order in which they are to run
	 */
	public Migrators(Map<String, Migrator> migrators) {
		this(migrators, migrators.size() > 1);
	}

	private Migrators(Map<String, Migrator> migrators, boolean several) {
		this.migrators = Collections.unmodifiableMap(new LinkedHashMap<>(migrators));
		this.several = several;
	}

	/**
	 * Create the migrators of an application with one database.
	 * @param migrator the migrator of the database {@value #DEFAULT_NAME}
	 * @return the migrators
	 */
	public static Migrators of(Migrator migrator) {
		return new Migrators(Map.of(DEFAULT_NAME, migrator));
	}

	/**
	 * Return the names of the databases.
	 * @return the names, in the order in which the migrators run
	 */
	public List<String> names() {
		return List.copyOf(this.migrators.keySet());
	}

	/**
	 * Return the migrator of a database.
	 * @param name the database's name
	 * @return its migrator
	 * @throws InvalidSettingException if there is no database of this name
	 */
	public Migrator get(String name) {
		Migrator migrator = this.migrators.get(name);
		if (migrator == null) {
			throw new InvalidSettingException("There is no database '" + name + "' to migrate.",
					"Use one of " + String.join(", ", this.migrators.keySet()) + ".");
		}
		return migrator;
	}

	/**
	 * Return the migrators by name.
	 * @return an unmodifiable map in the order in which the migrators run
	 */
	public Map<String, Migrator> asMap() {
		return this.migrators;
	}

	/**
	 * Return those migrators whose names match.
	 * @param names which names
	 * @return the migrators, in the same order; perhaps none
	 */
	public Migrators filter(Predicate<String> names) {
		Map<String, Migrator> some = new LinkedHashMap<>();
		this.migrators.forEach((name, migrator) -> {
			if (names.test(name)) {
				some.put(name, migrator);
			}
		});
		return new Migrators(some, this.several);
	}

	/**
	 * Tell a listener what the migrators do from now on.
	 * @param listeners creates the listener of each database
	 */
	public void addListeners(MigrationListener.Factory listeners) {
		this.migrators.forEach((name, migrator) -> migrator.addListener(listeners.create(name, migrator::status)));
	}

	/**
	 * Return what the last run of each database has done. To be asked when it is needed,
	 * because a bean that is created before the run finds nothing.
	 * @return the reports by name; none for a database whose last run has not ended well,
	 * or not ended
	 */
	public Map<String, MigrationReport> reports() {
		Map<String, MigrationReport> reports = new LinkedHashMap<>();
		this.migrators.forEach((name, migrator) -> {
			MigrationReport report = migrator.status().report();
			if (report != null) {
				reports.put(name, report);
			}
		});
		return Collections.unmodifiableMap(reports);
	}

	/**
	 * Migrate one database after the other, and stop at the first failure.
	 * @return what was done, by name
	 * @throws MigrationException if a run stopped; if there are several databases, a
	 * {@link DatabaseFailedException} that says which and has the failure as its cause
	 */
	public Map<String, MigrationReport> migrate() {
		Map<String, MigrationReport> reports = new LinkedHashMap<>();
		this.migrators.forEach((name, migrator) -> run(name, () -> reports.put(name, migrator.migrate())));
		return Collections.unmodifiableMap(reports);
	}

	/**
	 * Do something else with one migrator after the other, and stop at the first failure.
	 * @param run what to do in place of {@link Migrator#migrate()}
	 * @throws MigrationException as {@link #migrate()} does
	 */
	public void migrate(Consumer<Migrator> run) {
		this.migrators.forEach((name, migrator) -> run(name, () -> run.accept(migrator)));
	}

	/**
	 * Say what a start would do now, in one database after the other; see
	 * {@link Migrator#plan}.
	 * @param measured what the measured lint found when the application was built
	 * @return the plans by name
	 * @throws MigrationException if files or history cannot be read; if there are several
	 * databases, a {@link DatabaseFailedException} that says which and has the failure as
	 * its cause
	 */
	public Map<String, MigrationPlan> plan(Collection<MeasuredFile> measured) {
		Map<String, MigrationPlan> plans = new LinkedHashMap<>();
		List<String> left = new ArrayList<>(this.migrators.keySet());
		this.migrators.forEach((name, migrator) -> {
			left.remove(name);
			try {
				plans.put(name, migrator.plan(measured));
			}
			catch (MigrationException ex) {
				throw this.several ? DatabaseFailedException.of(name, left, ex) : ex;
			}
		});
		return Collections.unmodifiableMap(plans);
	}

	/**
	 * Stop every migrator as {@link Migrator#stop} does, all within one time.
	 * @param grace how long a running statement may go on; not negative
	 * @return whether no run is going on any more
	 */
	public boolean stop(Duration grace) {
		long start = System.nanoTime();
		List<Shutdown> shutdowns = this.migrators.values().stream().map(Migrator::beginShutdown).toList();
		boolean ended = true;
		for (Shutdown shutdown : shutdowns) {
			Duration left = grace.minusNanos(System.nanoTime() - start);
			ended &= shutdown.await(left.isNegative() ? Duration.ZERO : left);
		}
		return ended;
	}

	/**
	 * Allow runs after a {@link #stop}, for an application that is started again.
	 */
	public void start() {
		this.migrators.values().forEach(Migrator::start);
	}

	private void run(String name, Runnable run) {
		if (!this.several) {
			run.run();
			return;
		}
		List<String> after = new ArrayList<>(this.migrators.keySet());
		after.subList(0, after.indexOf(name) + 1).clear();
		logger.info("Migrating database '{}' ({} of {})", name, this.migrators.size() - after.size(),
				this.migrators.size());
		try {
			run.run();
		}
		catch (MigrationException ex) {
			throw DatabaseFailedException.of(name, after, ex);
		}
	}

	@Override
	public String toString() {
		return "Migrators" + this.migrators.keySet();
	}

}
