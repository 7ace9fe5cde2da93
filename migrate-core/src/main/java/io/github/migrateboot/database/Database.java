package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

import io.github.migrateboot.script.SqlRules;
import io.github.migrateboot.script.SqlSyntax;

/**
 * What the engine has to know about one kind of database: its names and words, what it
 * can do, and its parts: {@link #errors() errors}, {@link #limits() limits},
 * {@link #sessions() sessions} and {@link #inspection() what others can see}.
 * Implementations are immutable and hold no connection.
 */
public interface Database {

	/**
	 * Return the identifier that replaces <code>{vendor}</code> in a location, the same
	 * as Spring Boot's.
	 * @return for example {@code postgresql}
	 */
	String id();

	/**
	 * Return the name for people.
	 * @return for example {@code PostgreSQL}
	 */
	String displayName();

	/**
	 * Return how migration files for this database are split into statements.
	 * @return the syntax
	 */
	SqlSyntax syntax();

	/**
	 * Return how the server and the session read statements. Known once the server has
	 * been asked; see {@link Databases#probe}.
	 * @return the rules
	 */
	default SqlRules rules() {
		return new SqlRules(syntax());
	}

	/**
	 * Return how our own statements are worded.
	 * @return the dialect
	 */
	SqlDialect dialect();

	/**
	 * Return a text as it can be stored: what the database's character set has not is
	 * replaced.
	 * @param text a text for people
	 * @return the same, or nearly
	 */
	default String storable(String text) {
		return text;
	}

	/**
	 * Quote one identifier for use in a statement.
	 * @param identifier the identifier as it is stored
	 * @return the quoted identifier, any quote inside it doubled
	 */
	default String quote(String identifier) {
		return dialect().quote(identifier);
	}

	/**
	 * Quote the name of a table for use in a statement.
	 * @param table the name
	 * @return the quoted name, qualified where a schema is set
	 */
	default String quote(TableName table) {
		String name = quote(table.name());
		return (table.schema() != null) ? quote(table.schema()) + "." + name : name;
	}

	/**
	 * Split the configured table name into schema and table as dbmate does.
	 * @param configured the configured name, for example {@code app.schema_migrations}
	 * @return the name, without a schema where none is configured
	 */
	TableName parseTableName(String configured);

	/**
	 * Fix the schema of the history table, so that nothing a migration does to its
	 * session can lead elsewhere: the configured schema, else the one that the connection
	 * names, else its current one. It need not exist yet.
	 * @param configured the name that {@link #parseTableName} has returned
	 * @param connection the connection to ask
	 * @return the name with its schema
	 * @throws SQLException if the connection cannot be asked
	 */
	TableName resolve(TableName configured, Connection connection) throws SQLException;

	/**
	 * Return where the history table may be.
	 * @param configured the name that {@link #parseTableName} has returned
	 * @param connection the connection to ask
	 * @return the places; the first one is what {@link #resolve} returns
	 * @throws SQLException if the connection cannot be asked
	 */
	default TablePlaces places(TableName configured, Connection connection) throws SQLException {
		return TablePlaces.only(resolve(configured, connection));
	}

	/**
	 * Return what is known about tables.
	 * @return the catalog
	 */
	TableCatalog catalog();

	/**
	 * Return what it can do.
	 * @return the capabilities
	 */
	Set<Capability> capabilities();

	/**
	 * Return whether it can do something.
	 * @param capability what is meant
	 * @return whether it can
	 */
	default boolean has(Capability capability) {
		return capabilities().contains(capability);
	}

	/**
	 * Return whether a pooler stands between, which may run each transaction in another
	 * session of the server. Known once the server has been asked; see
	 * {@link Databases#probe}.
	 * @return whether settings and locks of a session can't be relied upon
	 */
	default boolean isPooled() {
		return false;
	}

	/**
	 * Return whether the server is one of several that can be written to at once, where
	 * nothing that a session locks is known to the others. Known once the server has been
	 * asked; see {@link Databases#probe}.
	 * @return whether locks of a session can't be relied upon
	 */
	default boolean hasSeveralWriters() {
		return false;
	}

	/**
	 * Return what can keep other instances out.
	 * @return the means
	 */
	LockMeans lockMeans();

	/**
	 * Return what its errors mean.
	 * @return the errors
	 */
	DatabaseErrors errors();

	/**
	 * Return how statements are limited.
	 * @return the limits
	 */
	StatementLimits limits();

	/**
	 * Return how connections of a run are opened, compared, prepared and restored.
	 * @return the sessions
	 */
	Sessions sessions();

	/**
	 * Return what others can see of a statement.
	 * @return the inspection
	 */
	default Inspection inspection() {
		return Inspection.NOTHING;
	}

}
