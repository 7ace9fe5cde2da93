package io.github.migrateboot.engine.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.connection.Transactions;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.history.HistorySnapshot;
import io.github.migrateboot.history.HistoryWriter;
import io.github.migrateboot.history.JournalState;
import io.github.migrateboot.script.MigrationFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records files as applied without running them, on a database without history.
 *
 * @param connection the migrating connection
 * @param history the history
 * @param version the version up to which files are recorded, or {@code null}
 */
record Baseline(Connection connection, LockedHistory history, @Nullable String version) {

	private static final Logger logger = LoggerFactory.getLogger(Baseline.class);

	boolean isDue(HistorySnapshot history) {
		return this.version != null && history.versions().isEmpty();
	}

	/**
	 * Return the files that would be recorded.
	 * @param files all migration files
	 * @param history the history
	 * @param version the version up to which files are recorded, or {@code null}
	 */
	static List<MigrationFile> due(List<MigrationFile> files, HistorySnapshot history, @Nullable String version) {
		return (version != null && history.versions().isEmpty()) ? upTo(files, version) : List.of();
	}

	List<String> record(List<MigrationFile> files, HistorySnapshot now) throws SQLException {
		if (this.version == null || !isDue(now)) {
			return List.of();
		}
		List<MigrationFile> baseline = upTo(files, this.version);
		this.connection.setAutoCommit(false);
		try (Statement statement = this.connection.createStatement()) {
			for (MigrationFile file : baseline) {
				for (String sql : statements(file)) {
					statement.addBatch(sql);
				}
			}
			statement.executeBatch();
			this.connection.commit();
		}
		finally {
			Transactions.end(this.connection);
		}
		List<String> versions = baseline.stream().map(MigrationFile::version).toList();
		logger.info("Recorded {} migrations up to the baseline {} as applied, without running them", versions.size(),
				this.version);
		return versions;
	}

	private List<String> statements(MigrationFile file) {
		HistoryWriter writer = this.history.writer();
		return List.of(writer.record(file.version()), writer.forget(file.version()),
				writer.journal(this.history.recording(file), JournalState.BASELINE,
						this.history.tables().database().dialect().time().now(), "0"));
	}

	private static List<MigrationFile> upTo(List<MigrationFile> files, String version) {
		List<MigrationFile> baseline = new ArrayList<>();
		for (MigrationFile file : files) {
			baseline.add(file);
			if (file.version().equals(version)) {
				return baseline;
			}
		}
		throw new InvalidSettingException(
				"migrate.baseline is " + version + ", but no migration file has that version.",
				"Set it to the version of the newest file whose changes the database already has, exactly as the"
						+ " file's name has it.");
	}

}
