package io.github.migrateboot.test;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.database.Instance;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.ScriptParser;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.settings.MigratorSettings;
import org.jspecify.annotations.Nullable;

/**
 * Checks of a project's migrations that need a database. Not thread-safe; what is checked
 * changes the database.
 */
public final class DatabaseMigrationChecks {

	private final List<MigrationFile> files;

	private final DataSource dataSource;

	private final List<String> excepted;

	private final @Nullable String since;

	private final Set<Hazard> without;

	DatabaseMigrationChecks(List<MigrationFile> files, DataSource dataSource) {
		this(files, dataSource, List.of(), null, Set.of());
	}

	private DatabaseMigrationChecks(List<MigrationFile> files, DataSource dataSource, List<String> excepted,
			@Nullable String since, Set<Hazard> without) {
		this.files = files;
		this.dataSource = dataSource;
		this.excepted = excepted;
		this.since = since;
		this.without = without;
	}

	/**
	 * Leave the down blocks of some migrations out, which can't be undone on purpose.
	 * @param versions the versions, all of which must exist
	 * @return the checks
	 */
	public DatabaseMigrationChecks except(String... versions) {
		requireKnown(versions);
		return new DatabaseMigrationChecks(this.files, this.dataSource, List.of(versions), this.since, this.without);
	}

	private void requireKnown(String... versions) {
		List<String> unknown = new ArrayList<>(Arrays.asList(versions));
		this.files.forEach((file) -> unknown.remove(file.version()));
		if (!unknown.isEmpty()) {
			throw new IllegalArgumentException("There is no migration " + String.join(" and ", unknown));
		}
	}

	/**
	 * Say what production has, for {@link #verifySafe()}: the files up to this one are
	 * applied and not measured, and those behind it are one release. Tables that one of
	 * them creates may be altered by the others in whatever way, because nobody uses them
	 * yet.
	 * @param version the newest version in production, which must exist
	 * @return the checks
	 */
	public DatabaseMigrationChecks since(String version) {
		requireKnown(version);
		return new DatabaseMigrationChecks(this.files, this.dataSource, this.excepted, version, this.without);
	}

	/**
	 * Don't look for some hazards in {@link #verifySafe()}, in any file.
	 * @param hazards what is not to be looked for
	 * @return the checks
	 */
	public DatabaseMigrationChecks without(Hazard... hazards) {
		Set<Hazard> without = EnumSet.noneOf(Hazard.class);
		without.addAll(Arrays.asList(hazards));
		return new DatabaseMigrationChecks(this.files, this.dataSource, this.excepted, this.since, without);
	}

	/**
	 * Check that migrations hurt neither a service that is running meanwhile nor the
	 * release before: apply them to an empty database as the starter does, and look after
	 * each statement at what it has done. Nothing is guessed from the text, so what a
	 * function does is seen, too.
	 * <p>
	 * Without {@link #since} each file is looked at as if all files before it were in
	 * production: only tables that it creates itself are new. A line
	 * {@code -- migrate:allow <id>: <reason>} in a file accepts what is found in that
	 * file.
	 * @throws AssertionError if something was found, or a {@code -- migrate:allow} allows
	 * nothing; says for each finding file, line, table and lock, what would be felt, and
	 * the safe way as SQL. Also if a migration fails
	 * @throws IllegalStateException if the database is not empty, or of a kind on which
	 * migrations can't be measured
	 */
	public void verifySafe() {
		measure().verify();
	}

	/**
	 * Do what {@link #verifySafe()} does, and return what was found.
	 * @return the report
	 * @throws AssertionError if a migration fails
	 * @throws IllegalStateException if the database is not empty, or of a kind on which
	 * migrations can't be measured
	 */
	public SafetyReport measure() {
		return SafetyReport.of(new SafetyCheck(this.files, this.dataSource, this.since).run(), this.without);
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

}
