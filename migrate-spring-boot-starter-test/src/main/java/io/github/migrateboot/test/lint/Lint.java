package io.github.migrateboot.test.lint;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

import io.github.migrateboot.observation.StatementObserver;
import io.github.migrateboot.safety.Hazard;

/**
 * Looks at the migrations of a run, on one kind of database. Used once.
 */
public interface Lint extends StatementObserver {

	/**
	 * Return what can be found on this database.
	 * @return the hazards
	 */
	Set<Hazard> hazards();

	/**
	 * Return how many tables and views a database has.
	 * @param connection a connection to it
	 * @return the number; 0 if it is empty
	 * @throws SQLException if it can't be asked
	 */
	int tables(Connection connection) throws SQLException;

	/**
	 * Look at what is left when all migrations have been applied.
	 * @param connection a connection in autocommit
	 * @throws SQLException if the database can't be asked
	 */
	void finish(Connection connection) throws SQLException;

	/**
	 * Return what was found.
	 * @return the result so far
	 */
	LintResult result();

}
