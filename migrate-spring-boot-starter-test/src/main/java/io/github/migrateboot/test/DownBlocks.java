package io.github.migrateboot.test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import io.github.migrateboot.database.Databases;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.Script;
import io.github.migrateboot.script.ScriptParser;
import io.github.migrateboot.script.SqlStatement;

/**
 * Runs down blocks, statement by statement.
 */
final class DownBlocks {

	private final DataSource dataSource;

	DownBlocks(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Undo a migration that is applied.
	 * @return the line on which the first statement of its down block begins
	 */
	int run(MigrationFile file) {
		try (Connection connection = this.dataSource.getConnection()) {
			Script script = new ScriptParser(Syntaxes.of(Databases.detect(connection).id())).parseDown(file);
			boolean autoCommit = connection.getAutoCommit();
			int line = 0;
			for (Script.Section section : script.sections()) {
				connection.setAutoCommit(!section.transactional());
				for (SqlStatement statement : section.statements()) {
					execute(connection, file, statement);
					line = (line > 0) ? line : statement.line();
				}
				connection.setAutoCommit(true);
			}
			if (line == 0) {
				throw new AssertionError(("%s: the down block is empty. Write the statements that undo the up block, or"
						+ " leave the migration out with except(\"%s\").")
					.formatted(file.description(), file.version()));
			}
			new History(connection).remove(file.version());
			connection.setAutoCommit(autoCommit);
			return line;
		}
		catch (MigrationException ex) {
			throw new AssertionError(MigrationChecks.describe(ex), ex);
		}
		catch (SQLException ex) {
			throw new AssertionError("%s: the down block failed: %s".formatted(file.description(), ex.getMessage()),
					ex);
		}
	}

	private static void execute(Connection connection, MigrationFile file, SqlStatement statement) throws SQLException {
		try (Statement jdbc = connection.createStatement()) {
			jdbc.execute(statement.text());
		}
		catch (SQLException ex) {
			if (!connection.getAutoCommit()) {
				connection.rollback();
			}
			throw new AssertionError("%s, line %d: a statement of the down block failed: %s\n  %s"
				.formatted(file.description(), statement.line(), ex.getMessage(), statement.text()), ex);
		}
	}

}
