package io.github.migrateboot.test;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.MigratorBuilder;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.observation.StatementObserver;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.settings.MigratorSettings;
import io.github.migrateboot.test.lint.Lint;
import io.github.migrateboot.test.lint.LintResult;
import io.github.migrateboot.test.lint.Lints;
import org.jspecify.annotations.Nullable;

/**
 * Applies migrations to an empty database as the starter does, and looks at what they do.
 *
 * @param files all files
 * @param dataSource leads to the database
 * @param since the newest version that production has, or {@code null} if each file is
 * looked at as if those before it were in production
 */
record SafetyCheck(List<MigrationFile> files, DataSource dataSource, @Nullable String since) {

	Lint run() {
		Lint lint = Lints.of(MigrationChecks.vendor(this.dataSource), this.since != null);
		try {
			requireEmpty(lint);
			int first = applied();
			if (first > 0) {
				migrator(this.files.subList(0, first), StatementObserver.NONE).migrate();
			}
			migrator(this.files, lint).migrate();
			try (Connection connection = this.dataSource.getConnection()) {
				lint.finish(connection);
			}
			return lint;
		}
		catch (MigrationException ex) {
			throw new AssertionError(MigrationChecks.describe(ex), ex);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The database cannot be reached", ex);
		}
	}

	private void requireEmpty(Lint lint) throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			int tables = lint.tables(connection);
			if (tables > 0) {
				throw new IllegalStateException(("The database that migrations are to be measured on has %s tables and"
						+ " views already, and they would be measured with it. Use an empty database of the test's own;"
						+ " in a Spring test, migrate.enabled=false keeps the starter from migrating it.")
					.formatted(tables));
			}
		}
	}

	private int applied() {
		for (int i = 0; i < this.files.size(); i++) {
			if (this.files.get(i).version().equals(this.since)) {
				return i + 1;
			}
		}
		return 0;
	}

	private Migrator migrator(List<MigrationFile> due, StatementObserver observer) {
		return new MigratorBuilder("safety", (vendor) -> due, new Borrowing(this.dataSource),
				MigratorSettings.defaults(Instance.current("migration checks")))
			.observer(observer)
			.build();
	}

	static LintResult.LintedFile file(LintResult result, String name) {
		return result.files()
			.stream()
			.filter((each) -> each.file().name().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("No file " + name + " was checked"));
	}

}
