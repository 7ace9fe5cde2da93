package io.github.migrateboot.test;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import io.github.migrateboot.database.Databases;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.MigrationSource;
import io.github.migrateboot.script.ResourceMigrationSource;
import io.github.migrateboot.script.ScriptParser;

/**
 * Checks of a project's migrations, for its tests: <pre class="code">
 * &#64;Test
 * void downsUndoUps() {
 *     MigrationChecks.of("classpath:db/migrations").against(this.dataSource).verifyDownsUndoUps();
 * }
 * </pre> A check that fails throws an {@link AssertionError} which names file and line.
 * No test framework is needed. Immutable and thread-safe.
 */
public final class MigrationChecks {

	private final MigrationSource source;

	private MigrationChecks(MigrationSource source) {
		this.source = source;
	}

	/**
	 * Check the files of some locations.
	 * @param locations as in {@code migrate.locations}, for example
	 * {@code classpath:db/migrations}
	 * @return the checks
	 */
	public static MigrationChecks of(String... locations) {
		return of(new ResourceMigrationSource(List.of(locations), null));
	}

	/**
	 * Check the files of a source.
	 * @param source where the files come from
	 * @return the checks
	 */
	public static MigrationChecks of(MigrationSource source) {
		return new MigrationChecks(source);
	}

	/**
	 * Check the files without a database: that there are some, that each can be read and
	 * is what the grammar allows, up blocks and down blocks, and that no two have the
	 * same version.
	 * @param vendor the database they are for, which also replaces <code>{vendor}</code>:
	 * {@code postgresql}, {@code mysql}, {@code mariadb}, {@code sqlite} or {@code h2}
	 * @throws AssertionError if a file is not right; tells about all of them
	 */
	public void verifyFiles(String vendor) {
		ScriptParser parser = new ScriptParser(Syntaxes.of(vendor));
		List<String> problems = new ArrayList<>();
		for (MigrationFile file : list(vendor)) {
			try {
				parser.parse(file);
				parser.parseDown(file);
			}
			catch (MigrationException ex) {
				problems.add(describe(ex));
			}
		}
		if (!problems.isEmpty()) {
			throw new AssertionError(String.join("\n", problems));
		}
	}

	/**
	 * Check the files with a database, which the checks change.
	 * @param dataSource leads to a database of the test's own without any migration
	 * applied; see each check for the databases that it can be made on
	 * @return the checks
	 */
	public DatabaseMigrationChecks against(DataSource dataSource) {
		return new DatabaseMigrationChecks(list(vendor(dataSource)), dataSource);
	}

	private List<MigrationFile> list(String vendor) {
		List<MigrationFile> files;
		try {
			files = this.source.list(vendor);
		}
		catch (MigrationException ex) {
			throw new AssertionError(describe(ex), ex);
		}
		if (files.isEmpty()) {
			throw new AssertionError("There is no migration file: none is named <digits>….sql.");
		}
		return files;
	}

	static String vendor(DataSource dataSource) {
		try (Connection connection = dataSource.getConnection()) {
			return Databases.detect(connection).id();
		}
		catch (SQLException ex) {
			throw new IllegalStateException("The database cannot be reached", ex);
		}
	}

	static String describe(MigrationException ex) {
		return ex.getDescription() + " " + ex.getAction();
	}

}
