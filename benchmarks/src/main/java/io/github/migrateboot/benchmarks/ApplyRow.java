package io.github.migrateboot.benchmarks;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.github.migrateboot.benchmarks.FreshJvm.FailedException;
import io.github.migrateboot.benchmarks.Server.Durability;
import io.github.migrateboot.testing.CountingProxy;

/**
 * How long it takes to apply migrations to an empty database. With two numbers of
 * migrations, or more, also what each one more costs between the last two, and what is
 * left for the start.
 *
 * @param id the row's name
 * @param lines the lines of the table
 * @param server the server
 * @param tools what is compared
 * @param works the migrations
 * @param effort how often the tools run
 */
record ApplyRow(String id, List<Line> lines, Server server, List<Tool> tools, List<Work> works,
		Effort effort) implements Row {

	/** What each one more costs. */
	static final String SLOPE = "slope";

	/** What does not grow with the number. */
	static final String START = "start";

	@Override
	public void measure(Lab lab, Results results) throws Exception {
		for (Durability durability : this.server.durabilities()) {
			Measurement measurement = new Measurement(lab, results, durability);
			for (int round = 0; round < this.effort.rounds(lab, durability); round++) {
				measurement.measure(round);
			}
		}
	}

	/**
	 * Return the tools so that the client's run is next to that of the starter, before
	 * and after it by turns.
	 */
	private List<Tool> inTurn(int round) {
		List<Tool> turn = new ArrayList<>(this.tools);
		turn.remove(Tool.CLIENT);
		turn.add((round % 2 == 0) ? turn.indexOf(Tool.MIGRATE) : turn.indexOf(Tool.MIGRATE) + 1, Tool.CLIENT);
		return turn;
	}

	/**
	 * All rounds with a server that waits for the disk, or all with one that doesn't.
	 */
	private final class Measurement {

		private final Lab lab;

		private final Results results;

		private final Durability durability;

		private final Set<Tool> failed = EnumSet.noneOf(Tool.class);

		Measurement(Lab lab, Results results, Durability durability) {
			this.lab = lab;
			this.results = results;
			this.durability = durability;
		}

		void measure(int round) throws Exception {
			List<Tool> due = inTurn(round).stream()
				.filter((tool) -> tool.isAvailable(ApplyRow.this.server)
						&& round < ApplyRow.this.effort.rounds(tool, this.durability))
				.toList();
			for (Work work : ApplyRow.this.works) {
				for (Tool tool : due) {
					if (!this.failed.contains(tool)) {
						measure(tool, work);
					}
				}
			}
			if (ApplyRow.this.works.size() > 1) {
				due.stream().filter((tool) -> !this.failed.contains(tool)).forEach(this::addSlope);
			}
		}

		private void measure(Tool tool, Work work) throws Exception {
			try {
				this.results.add(tool, this.durability.series(work.series()), apply(tool, work));
			}
			catch (FailedException ex) {
				if (!tool.isSlow()) {
					throw ex;
				}
				// Which says something too, and the others can be measured all the same.
				System.out.printf("    %-24s failed: %s%n", tool.key(), ex.getMessage());
				this.failed.add(tool);
			}
		}

		private double apply(Tool tool, Work work) throws Exception {
			Migrations migrations = work.migrations(this.lab);
			try (Database database = this.lab.servers().create(ApplyRow.this.server, this.durability)) {
				if (work.delayMillis() == 0) {
					return this.lab.apply(tool, database, migrations);
				}
				try (CountingProxy proxy = CountingProxy.to(database.url(), work.delayMillis())) {
					return this.lab.apply(tool, database.at(proxy.url(database.url())), migrations);
				}
			}
		}

		private void addSlope(Tool tool) {
			Work fewer = ApplyRow.this.works.get(ApplyRow.this.works.size() - 2);
			Work more = ApplyRow.this.works.get(ApplyRow.this.works.size() - 1);
			int count = this.lab.scaled(fewer.size());
			double slope = (last(tool, more) - last(tool, fewer)) / (this.lab.scaled(more.size()) - count);
			this.results.add(tool, this.durability.series(SLOPE), slope);
			this.results.add(tool, this.durability.series(START), last(tool, fewer) - count * slope);
		}

		private double last(Tool tool, Work work) {
			return this.results.get(tool, this.durability.series(work.series())).last();
		}

	}

	/**
	 * How often the tools run.
	 */
	enum Effort {

		NORMAL(5, 3, 2),

		/** For what takes long. */
		LONG(3, 2, 1);

		private final int relaxed;

		private final int dbmate;

		private final int peers;

		/**
		 * Create an effort.
		 * @param relaxed how many rounds there are at most where no target is to be met
		 * @param dbmate how often dbmate runs at most
		 * @param peers how often the slow ones run at most
		 */
		Effort(int relaxed, int dbmate, int peers) {
			this.relaxed = relaxed;
			this.dbmate = dbmate;
			this.peers = peers;
		}

		int rounds(Lab lab, Durability durability) {
			return (durability == Durability.DURABLE) ? lab.rounds() : Math.min(lab.rounds(), this.relaxed);
		}

		/**
		 * Return how often a tool runs at most. Nothing depends on a small difference to
		 * those that the starter isn't compared with.
		 */
		int rounds(Tool tool, Durability durability) {
			return switch (tool) {
				case MIGRATE, CLIENT -> Integer.MAX_VALUE;
				case DBMATE -> (durability == Durability.DURABLE) ? this.dbmate : 1;
				case FLYWAY, LIQUIBASE -> (durability == Durability.DURABLE) ? this.peers : 0;
			};
		}

	}

}
