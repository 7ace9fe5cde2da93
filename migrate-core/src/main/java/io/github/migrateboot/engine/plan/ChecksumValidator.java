package io.github.migrateboot.engine.plan;

import java.util.List;

import io.github.migrateboot.failure.ChangedMigrationException;
import io.github.migrateboot.failure.MalformedMigrationException;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.lock.StopSignal;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.ScriptParser;
import io.github.migrateboot.settings.MigratorSettings.ChecksumPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares applied files with the checksums in the journal.
 *
 * @param policy what to do
 * @param files all migration files
 */
public record ChecksumValidator(ChecksumPolicy policy, List<MigrationFile> files) {

	private static final Logger logger = LoggerFactory.getLogger(ChecksumValidator.class);

	public void failIfChanged(@Nullable HistorySnapshot history) {
		if (this.policy != ChecksumPolicy.FAIL || history == null) {
			return;
		}
		List<MigrationFile> changed = changed(history);
		if (!changed.isEmpty()) {
			throw new ChangedMigrationException(
					"Changed after being applied: " + describe(changed) + ". Nothing was applied in this run.",
					"Put the file back as it was and write the change as a new migration; or set migrate.checksum to"
							+ " warn if the change has no effect.");
		}
	}

	public List<MigrationFile> changed(HistorySnapshot history) {
		return this.files.stream().filter((file) -> isChanged(file, history)).toList();
	}

	/**
	 * Warn of changed files. Reads every file that was applied.
	 * @param signal ends the reading
	 */
	public void warnIfChanged(@Nullable HistorySnapshot history, StopSignal signal) {
		if (this.policy != ChecksumPolicy.WARN || history == null) {
			return;
		}
		List<MigrationFile> changed = this.files.stream()
			.takeWhile((file) -> !signal.isStopped())
			.filter((file) -> isReadableAndChanged(file, history))
			.toList();
		if (!changed.isEmpty() && !signal.isStopped()) {
			logger.warn("Changed after being applied: {}. The database still has what was applied; write changes"
					+ " as new migrations.", describe(changed));
		}
	}

	/**
	 * Warn of changed files while the application goes on. No daemon, so that a process
	 * which soon ends by itself has warned.
	 */
	public void warnMeanwhile(@Nullable HistorySnapshot history, StopSignal signal) {
		if (this.policy == ChecksumPolicy.WARN && history != null && !history.journal().isEmpty()) {
			new Thread(() -> warnIfChanged(history, signal), "migrate-checksums").start();
		}
	}

	private static boolean isReadableAndChanged(MigrationFile file, HistorySnapshot history) {
		try {
			return isChanged(file, history);
		}
		catch (MalformedMigrationException ex) {
			logger.warn("Whether it has changed after being applied is not known: {}", ex.getDescription());
			return false;
		}
	}

	private static boolean isChanged(MigrationFile file, HistorySnapshot history) {
		return history.checksum(file.version())
			.filter((checksum) -> !checksum.equals(ScriptParser.checksum(file.read())))
			.isPresent();
	}

	private static String describe(List<MigrationFile> files) {
		return String.join(", ", files.stream().map(MigrationFile::description).toList());
	}

}
