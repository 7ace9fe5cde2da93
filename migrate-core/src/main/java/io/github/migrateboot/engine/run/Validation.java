package io.github.migrateboot.engine.run;

import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.engine.plan.ChecksumValidator;
import io.github.migrateboot.engine.plan.HistoryComparison;
import io.github.migrateboot.failure.DatabaseNotReadyException;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.settings.MigratorSettings.ChecksumPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the database has exactly what the files say. Changes nothing and takes no
 * lock.
 *
 * @param look what was seen
 * @param history the history
 * @param checksum whether changed files matter
 */
record Validation(PendingCheck look, HistorySnapshot history, ChecksumPolicy checksum) {

	private static final Logger logger = LoggerFactory.getLogger(Validation.class);

	/**
	 * Fail unless it has.
	 * @throws DatabaseNotReadyException if something is pending, changed or unknown
	 */
	void requireValid() {
		HistoryComparison comparison = new HistoryComparison(this.look.files(), this.history);
		List<MigrationFile> pending = comparison.pending();
		List<MigrationFile> changed = (this.checksum != ChecksumPolicy.IGNORE)
				? new ChecksumValidator(this.checksum, this.look.files()).changed(this.history) : List.of();
		List<String> ahead = comparison.ahead();
		List<String> problems = new ArrayList<>();
		List<String> remedies = new ArrayList<>();
		if (!pending.isEmpty()) {
			problems.add(pending.size() + " of " + this.look.files().size() + " are pending: "
					+ comparison.describePending());
			remedies
				.add("Apply what is pending with an instance or a job whose migrate.mode is apply or apply-and-exit,"
						+ " or with dbmate, before this one starts.");
		}
		if (!changed.isEmpty()) {
			problems.add("changed after being applied: "
					+ HistoryComparison.few(changed.stream().map(MigrationFile::name).toList()));
			remedies.add("Put a changed file back as it was and write the change as a new migration.");
		}
		if (!ahead.isEmpty()) {
			problems.add("applied without a file here: " + HistoryComparison.few(ahead));
			remedies.add("Start the version of the application that has those files, or set migrate.mode to wait, which"
					+ " accepts a database that is ahead.");
		}
		if (!problems.isEmpty()) {
			throw new DatabaseNotReadyException(
					"The database does not have exactly the migrations of this application, and migrate.mode is"
							+ " validate: " + String.join("; ", problems) + ". Nothing was changed.",
					String.join(" ", remedies));
		}
		logger.info("Valid: exactly the {} migrations are applied to {}", this.look.files().size(),
				this.look.database().displayName());
	}

}
