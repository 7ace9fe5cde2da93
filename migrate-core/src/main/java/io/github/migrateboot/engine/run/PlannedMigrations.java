package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.migrateboot.database.Database;
import io.github.migrateboot.engine.plan.ConcernedTables;
import io.github.migrateboot.engine.plan.CrashForecast;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.OutsideTransactions;
import io.github.migrateboot.engine.plan.TextFindings;
import io.github.migrateboot.plan.MeasuredFile;
import io.github.migrateboot.plan.PlannedFinding;
import io.github.migrateboot.plan.PlannedMigration;
import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.TextRules;
import io.github.migrateboot.script.SqlExcerpt;

/**
 * Describes the migrations that a run would apply.
 *
 * @param database the kind of database
 * @param connection the connection to ask on
 * @param measured what the measured lint found
 */
record PlannedMigrations(Database database, Connection connection, Collection<MeasuredFile> measured) {

	List<PlannedMigration> describe(List<PlannedStart.Ready> ready) throws SQLException {
		List<Migration> migrations = ready.stream().map(PlannedStart.Ready::migration).toList();
		ConcernedTables tables = ConcernedTables.of(this.database.syntax(), migrations);
		tables.lookUp(this.database.inspection().sizes(this.connection, tables.names()));
		TextFindings guesses = new TextFindings(TextRules.of(this.database.id()), this.database.syntax(), tables);
		List<PlannedMigration> planned = new ArrayList<>();
		for (PlannedStart.Ready one : ready) {
			Migration migration = one.migration();
			CrashForecast crash = new CrashForecast(this.database, migration);
			List<Finding> guessed = guesses.next(migration);
			planned.add(new PlannedMigration(migration.version(), migration.file().name(),
					migration.script().checksum(), crash.transaction(), one.first(), crash.statements(),
					tables.of(migration), findings(migration, guessed), warnings(migration)));
		}
		return planned;
	}

	private List<String> warnings(Migration migration) {
		return Stream
			.concat(migration.script().warnings().stream(),
					new OutsideTransactions(this.database.syntax()).warnings(migration))
			.toList();
	}

	/**
	 * What was measured says more than what can be concluded from words.
	 */
	private List<PlannedFinding> findings(Migration migration, List<Finding> guessed) {
		Optional<MeasuredFile> known = this.measured.stream()
			.filter((file) -> file.name().equals(migration.file().name())
					&& file.checksum().equals(migration.script().checksum()))
			.findFirst();
		return known.map(MeasuredFile::findings)
			.orElse(guessed)
			.stream()
			.map((finding) -> new PlannedFinding(masked(finding), known.isPresent(),
					migration.script().allowed(finding.hazard().id()).orElse(null)))
			.toList();
	}

	/**
	 * The safe way repeats words of the statement.
	 */
	private static Finding masked(Finding finding) {
		return new Finding(finding.hazard(), finding.place(), finding.table(), finding.lock(), finding.effect(),
				(finding.remedy() != null) ? SqlExcerpt.of(finding.remedy()) : null);
	}

}
