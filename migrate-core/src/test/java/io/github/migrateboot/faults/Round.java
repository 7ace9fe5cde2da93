package io.github.migrateboot.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.faults.Plan.Strike;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcUtils;

/**
 * One round: processes migrate a fresh database, faults strike, and what is left is
 * checked.
 */
final class Round implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private final Site site;

	private final Plan plan;

	private final TestDatabase database;

	private final Fleet fleet;

	private final Verdict verdict;

	private final Checks checks;

	private final List<Replica> frozen = new ArrayList<>();

	Round(Site site, Plan plan, MigrationFolder folder) {
		this.site = site;
		this.plan = plan;
		this.database = site.create();
		plan.workload().prepare(this.database, plan.platform().dialect());
		plan.workload().write(folder);
		this.fleet = new Fleet(site, this.database, folder, plan.hasNetworkFaults());
		this.verdict = new Verdict(plan);
		this.checks = new Checks(plan, site.nodes(this.database), site.entry(this.database, 0), folder, this.verdict);
	}

	static Verdict run(Site site, Plan plan, MigrationFolder folder) {
		try (Round round = new Round(site, plan, folder)) {
			long start = System.nanoTime();
			round.run();
			round.verdict.took(Duration.ofNanos(System.nanoTime() - start));
			return round.verdict;
		}
	}

	private void run() {
		startAll();
		for (int i = 0; i < this.plan.dbmates(); i++) {
			// It starts so fast that it would have done everything alone
			Pause.until(PATIENCE, () -> this.fleet.hasApplied(0) || !this.fleet.isAlive());
			this.fleet.startDbmate();
		}
		this.plan.strikes().forEach(this::strike);
		awaitExit();
		this.fleet.awaitDbmate().forEach(this.verdict::violation);
		this.frozen.removeIf((replica) -> !replica.process().isAlive());
		if (!this.frozen.isEmpty()) {
			// Nobody waits longer for a frozen process than for its silence
			this.checks.cleanStart("beside a frozen process");
			this.frozen.forEach((replica) -> replica.process().resume());
			this.frozen.clear();
			awaitExit();
		}
		if (!this.plan.served()) {
			check();
			return;
		}
		// Until H2 believes that the process which served the database is gone
		Connection anchor = this.checks.awaitConnection();
		try {
			check();
		}
		finally {
			JdbcUtils.closeConnection(anchor);
		}
	}

	private void startAll() {
		if (this.plan.served()) {
			this.database.execute("SHUTDOWN");
			this.fleet.start();
			// H2 refuses some of those that open a file for the first time at once
			Pause.until(PATIENCE, () -> this.fleet.hasApplied(0) || !this.fleet.isAlive());
		}
		while (this.fleet.replicas().size() < this.plan.processes()) {
			this.fleet.start();
		}
	}

	private void check() {
		this.checks.lockIsFree();
		this.checks.survivors(this.fleet.replicas());
		this.checks.whatIsLeft();
		this.verdict.tripped(this.fleet.replicas().stream().mapToInt(Replica::trips).sum());
		this.checks.cleanStart("afterwards");
		this.checks.allIsThereOnce();
		if (!this.verdict.violations().isEmpty()) {
			this.fleet.replicas()
				.forEach((replica) -> this.verdict.output(replica + ":\n" + replica.process().output()));
		}
	}

	private void awaitExit() {
		for (Replica replica : this.fleet.awaitExit(this.frozen, PATIENCE)) {
			this.verdict.violation(replica + " did not end within " + PATIENCE.toSeconds() + " s");
			replica.process().kill();
		}
	}

	private void strike(Strike strike) {
		Pause.until(PATIENCE, () -> this.fleet.hasApplied(strike.after()) || !this.fleet.isAlive());
		Pause.millis(strike.delayMillis());
		if (!this.fleet.isAlive()) {
			this.verdict.missed(strike.fault());
			return;
		}
		Replica victim = this.fleet.victim(strike);
		if (this.frozen.contains(victim)) {
			this.verdict.missed(strike.fault());
			return;
		}
		if (strike.fault().isOfProcess()) {
			victim.hit();
		}
		this.verdict.struck(strike.fault());
		strike(strike, victim);
	}

	private void strike(Strike strike, Replica victim) {
		switch (strike.fault()) {
			case KILL -> victim.process().kill();
			case KILL_ALL -> this.fleet.killAll();
			case TERMINATE -> victim.process().terminate();
			case PAUSE -> {
				victim.process().pause();
				Pause.millis(strike.durationMillis());
				victim.process().resume();
			}
			case FREEZE -> {
				victim.process().pause();
				this.frozen.add(victim);
			}
			case END_SESSION -> endSession(strike);
			case CUT -> victim.network().cut();
			case STALL -> {
				victim.network().stall(true);
				Pause.millis(strike.durationMillis());
				victim.network().stall(false);
			}
			case DELAY -> victim.network().delay(Duration.ofMillis(strike.durationMillis() / 50));
			case BLOCK -> block();
			case RESTART -> this.site.restart(false);
			case CRASH -> this.site.restart(true);
		}
		if (strike.replaced() && strike.fault() != Fault.KILL_ALL && !victim.process().isAlive()) {
			this.fleet.start();
		}
	}

	/**
	 * Ask for what a migration may have locked, for two seconds at most.
	 */
	private void block() {
		try (Connection connection = this.database.connect(); Statement statement = connection.createStatement()) {
			for (String sql : this.plan.platform().dialect().block()) {
				statement.execute(sql);
			}
		}
		catch (SQLException | IllegalStateException ex) {
			// Nobody has ended it
		}
	}

	private void endSession(Strike strike) {
		List<TestDatabase> nodes = this.site.nodes(this.database);
		JdbcTemplate jdbc = nodes.get(strike.victim() % nodes.size()).jdbc();
		Dialect dialect = this.plan.platform().dialect();
		try {
			List<String> sessions = jdbc.queryForList(String.valueOf(dialect.sessions()), String.class);
			if (!sessions.isEmpty()) {
				String id = sessions.get(strike.busiest() ? 0 : strike.victim() % sessions.size());
				jdbc.execute(dialect.endSession(id));
			}
		}
		catch (RuntimeException ex) {
			// It has gone by itself, or the one that served the file has, and several
			// want
			// to do so now, of which H2 refuses some.
		}
	}

	@Override
	public void close() {
		this.fleet.close();
		this.database.close();
	}

}
