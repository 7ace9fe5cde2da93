package io.github.migrateboot.test;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import javax.sql.DataSource;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.connection.MigrationConnections;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.ScriptParser;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.settings.MigratorSettings;

/**
 * Checks of a project's migrations that need a database. Not thread-safe; what is checked
 * changes the database.
 */
public final class DatabaseMigrationChecks {

	private final List<MigrationFile> files;

	private final DataSource dataSource;

	private final List<String> excepted;

	DatabaseMigrationChecks(List<MigrationFile> files, DataSource dataSource, List<String> excepted) {
		this.files = files;
		this.dataSource = dataSource;
		this.excepted = excepted;
	}

	/**
	 * Leave the down blocks of some migrations out, which can't be undone on purpose.
	 * @param versions the versions, all of which must exist
	 * @return the checks
	 */
	public DatabaseMigrationChecks except(String... versions) {
		List<String> unknown = new ArrayList<>(Arrays.asList(versions));
		this.files.forEach((file) -> unknown.remove(file.version()));
		if (!unknown.isEmpty()) {
			throw new IllegalArgumentException("There is no migration " + String.join(" and ", unknown));
		}
		return new DatabaseMigrationChecks(this.files, this.dataSource, List.of(versions));
	}

	/**
	 * Check that each down block undoes its up block: apply one migration after the other
	 * and roll it back as the starter does, compare the schema with what it was before,
	 * and apply it again. The data are not compared, and neither are grants, owners and
	 * the order of columns.
	 * <p>
	 * At the end all migrations are applied.
	 * @throws AssertionError at the first migration that can't be applied, undone or
	 * applied again, or leaves a difference; says which file, line and difference
	 * @throws IllegalStateException if migrations have been applied before, or if the
	 * database is neither PostgreSQL nor SQLite
	 */
	public void verifyDownsUndoUps() {
		Schemas schemas = Schemas.of(this.dataSource);
		requireNothingApplied();
		for (int i = 0; i < this.files.size(); i++) {
			MigrationFile file = this.files.get(i);
			if (this.excepted.contains(file.version())) {
				apply(i);
				continue;
			}
			Set<String> before = schemas.read();
			apply(i);
			Set<String> applied = schemas.read();
			int line = rollBack(i);
			requireSame(before, schemas.read(), file, line, "The down block does not undo the up block");
			apply(i);
			requireSame(applied, schemas.read(), file, line,
					"Applied again after its down block, the migration leaves something else");
		}
	}

	private void requireNothingApplied() {
		try (Connection connection = this.dataSource.getConnection()) {
			if (new DefaultHistory(connection).hasVersions()) {
				throw new IllegalStateException("Migrations have been applied to this database already. Use one of the"
						+ " test's own; in a Spring test, migrate.enabled=false keeps the starter from migrating it.");
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The database cannot be reached", ex);
		}
	}

	private void apply(int index) {
		try {
			migrator(index).migrate();
		}
		catch (MigrationException ex) {
			throw new AssertionError(MigrationChecks.describe(ex), ex);
		}
	}

	/**
	 * Roll the last migration back that has been applied.
	 * @return the line on which the first statement of its down block begins
	 */
	private int rollBack(int index) {
		MigrationFile file = this.files.get(index);
		try {
			int line = new ScriptParser(Syntaxes.of(MigrationChecks.vendor(this.dataSource))).parseDown(file)
				.sections()
				.stream()
				.flatMap((section) -> section.statements().stream())
				.map(SqlStatement::line)
				.findFirst()
				.orElseThrow(() -> new AssertionError(
						("%s: the down block is empty. Write the statements that undo the up block, or leave the"
								+ " migration out with except(\"%s\").")
							.formatted(file.description(), file.version())));
			migrator(index).rollBack();
			return line;
		}
		catch (MigrationException ex) {
			throw new AssertionError(MigrationChecks.describe(ex), ex);
		}
	}

	private Migrator migrator(int index) {
		List<MigrationFile> due = this.files.subList(0, index + 1);
		return new Migrator((vendor) -> due, new Borrowing(this.dataSource),
				MigratorSettings.defaults(Instance.current("migration checks")));
	}

	private static void requireSame(Set<String> expected, Set<String> actual, MigrationFile file, int line,
			String problem) {
		if (expected.equals(actual)) {
			return;
		}
		StringBuilder message = new StringBuilder("%s, line %s: %s:".formatted(file.description(), line, problem));
		expected.stream()
			.filter((each) -> !actual.contains(each))
			.forEach((each) -> message.append("\n  missing: ").append(each));
		actual.stream()
			.filter((each) -> !expected.contains(each))
			.forEach((each) -> message.append("\n  too much: ").append(each));
		throw new AssertionError(message.toString());
	}

	/**
	 * Connections of the test's DataSource, which need not be one that others can be
	 * derived from.
	 *
	 * @param dataSource the DataSource
	 */
	private record Borrowing(DataSource dataSource) implements MigrationConnections {

		@Override
		public Connection borrow() throws SQLException {
			return this.dataSource.getConnection();
		}

		@Override
		public Optional<Connection> open(Map<String, String> driverProperties) {
			return Optional.empty();
		}

	}

}
