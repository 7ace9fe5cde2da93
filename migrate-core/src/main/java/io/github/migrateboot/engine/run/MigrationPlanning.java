package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

import io.github.migrateboot.connection.BorrowedConnection;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.Databases;
import io.github.migrateboot.database.Server;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.database.TableName;
import io.github.migrateboot.engine.execution.HistoryWait;
import io.github.migrateboot.engine.plan.Direction;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.history.History;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.ReadGuard;
import io.github.migrateboot.lock.LockStrategyFactory;
import io.github.migrateboot.plan.MeasuredFile;
import io.github.migrateboot.plan.MigrationPlan;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.script.ScriptParser;
import io.github.migrateboot.settings.MigratorSettings;

/**
 * Finds out what a run would do now. Takes no lock and writes nothing.
 *
 * @param source where the migration files come from
 * @param connections where connections come from
 * @param settings how the run would work
 * @param locks creates the lock strategy, which is only asked
 */
public record MigrationPlanning(MigrationSource source, MigrationConnections connections, MigratorSettings settings,
		LockStrategyFactory locks) {

	/** Who waits for a plan waits no longer for the history. */
	private static final Duration LONGEST_READ = Duration.ofSeconds(2);

	/**
	 * Find out.
	 * @param measured what the measured lint found when the application was built
	 * @return the plan
	 * @throws MigrationException if files or history cannot be read
	 */
	public MigrationPlan plan(Collection<MeasuredFile> measured) {
		try (BorrowedConnection borrowed = BorrowedConnection.from(this.connections)) {
			return plan(borrowed.connection(), measured);
		}
		catch (SQLException ex) {
			throw SqlErrors.access("planning", ex);
		}
	}

	private MigrationPlan plan(Connection connection, Collection<MeasuredFile> measured) throws SQLException {
		ReadGuard guard = HistoryWait.atMost(LONGEST_READ);
		Server server = Databases.look(connection);
		Database database = server.database();
		List<MigrationFile> files = this.source.list(database.id());
		TableName table = PendingCheck.locator(database, database.parseTableName(this.settings.table()), files, guard)
			.locate(connection);
		History history = new History(database, table, guard);
		HistorySnapshot now = history.read(connection);
		Refusals refusals = new Refusals();
		PlannedLock lock = PlannedLock.ask(this.locks, this.settings, server, connection, table, refusals);
		List<MigrationFile> baseline = refusals.unless(() -> Baseline.due(files, now, this.settings.baseline()),
				List.of());
		List<MigrationFile> pending = new HistoryComparison(files, now).pending()
			.stream()
			.filter((file) -> !baseline.contains(file))
			.toList();
		PlannedStart start = new PlannedStart(this.settings, connection, history, files, now);
		start.check(pending, refusals);
		List<PlannedStart.Ready> ready = start.read(migrations(database, pending), lock.holder() == null, refusals);
		List<String> ahead = new HistoryComparison(files, now).ahead();
		return new MigrationPlan(database.displayName() + " " + server.version(), table.toString(), lock.description(),
				lock.holder(), (int) files.stream().filter((file) -> now.isApplied(file.version())).count(),
				baseline.stream().map(MigrationFile::version).toList(), ahead, refusals.all(),
				new PlannedMigrations(database, connection, measured).describe(ready));
	}

	private List<Migration> migrations(Database database, List<MigrationFile> pending) {
		ScriptParser parser = new ScriptParser(database.rules().after(this.settings.connect().initSql()));
		return pending.stream().map((file) -> new Migration(file, parser.parse(file), Direction.UP)).toList();
	}

}
