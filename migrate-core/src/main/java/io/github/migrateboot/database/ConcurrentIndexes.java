package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.script.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * Looks at indexes that PostgreSQL builds concurrently: a build that fails or is cut off
 * leaves the index behind, INVALID, and {@code IF NOT EXISTS} takes that for the index.
 */
public final class ConcurrentIndexes {

	/**
	 * Stands for an index whose name cannot be told before it is there.
	 */
	public static final String UNNAMED = "?";

	private static final String GAP = "(?:\\s|--[^\n]*(?:\n|$)|/\\*.*?\\*/)";

	private static final String NAME = "(?:\"(?:[^\"]|\"\")++\"|(?!on\\b)[\\p{L}_][\\p{L}\\p{N}_$]*+)";

	private static final Pattern CREATION = pattern(
			"create <gap>+ (unique <gap>+)? index <gap>+ concurrently \\b (.*)");

	private static final Pattern NAMED = pattern("<gap>* (if <gap>+ not <gap>+ exists <gap>+)? (<name>) <gap>*"
			+ " on \\b <gap>* (only \\b <gap>*)? (<name> (<gap>* \\. <gap>* <name>)*) .*");

	private static final String OBJECT_NOT_IN_PREREQUISITE_STATE = "55000";

	private static final String BEGIN = """
			select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(i.name), c.oid is null,
			c.relkind = 'i' and not x.indisvalid
			from pg_catalog.pg_class t join pg_catalog.pg_namespace n on n.oid = t.relnamespace
			cross join (select (pg_catalog.parse_ident(?))[1]::name as name) i
			left join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = i.name
			left join pg_catalog.pg_index x on x.indexrelid = c.oid
			where t.oid = pg_catalog.to_regclass(?)
			""";

	private static final String LOOK = """
			select c.relkind, x.indisvalid, exists (select 1 from pg_catalog.pg_stat_progress_create_index p
			where p.index_relid = c.oid)
			from pg_catalog.pg_class c left join pg_catalog.pg_index x on x.indexrelid = c.oid
			where c.oid = pg_catalog.to_regclass(?)
			""";

	ConcurrentIndexes() {
	}

	private static Pattern pattern(String words) {
		String regex = words.replace(" ", "")
			.replace("<gap>+", GAP + "++")
			.replace("<gap>*", GAP + "*+")
			.replace("<name>", NAME);
		return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
	}

	/**
	 * Return whether a statement builds an index concurrently.
	 * @param statement the statement
	 * @return whether it does
	 */
	public boolean isCreation(String statement) {
		return CREATION.matcher(statement).matches();
	}

	/**
	 * Return whether a statement builds an index concurrently that can be found again by
	 * its name.
	 * @param statement the statement
	 * @return whether it does
	 */
	public boolean isNamedCreation(String statement) {
		Matcher creation = CREATION.matcher(statement);
		return creation.matches() && NAMED.matcher(creation.group(2)).matches();
	}

	/**
	 * Return whether a statement works beside others, concurrently, and may leave
	 * something behind if it is given up.
	 * @param statement the statement
	 * @return whether it does
	 */
	public boolean isConcurrent(String statement) {
		return SqlSyntax.POSTGRESQL.hasWord(statement, "CONCURRENTLY");
	}

	/**
	 * Return what the statement would build if it were executed now.
	 * @param connection the connection that is about to execute it
	 * @param statement the statement
	 * @return the index, {@link #UNNAMED}, or {@code null} if whatever becomes of the
	 * statement it leaves no index behind: it creates none, or one of that name is there,
	 * or the table is not
	 * @throws SQLException if the server cannot be asked, or if {@code IF NOT EXISTS}
	 * would take an INVALID index for a whole one
	 */
	public @Nullable String begin(Connection connection, String statement) throws SQLException {
		Matcher creation = CREATION.matcher(statement);
		if (!creation.matches()) {
			return null;
		}
		Matcher named = NAMED.matcher(creation.group(2));
		if (!named.matches()) {
			return UNNAMED;
		}
		try (PreparedStatement query = connection.prepareStatement(BEGIN)) {
			query.setString(1, named.group(2));
			query.setString(2, named.group(4));
			try (ResultSet rows = query.executeQuery()) {
				if (!rows.next()) {
					return null;
				}
				if (named.group(1) != null && rows.getBoolean(3)) {
					throw new SQLException(
							"The index " + rows.getString(1) + " is there, but INVALID, and IF NOT EXISTS"
									+ " would take it for whole. Remove it with DROP INDEX CONCURRENTLY, or fix it with"
									+ " REINDEX INDEX CONCURRENTLY.",
							OBJECT_NOT_IN_PREREQUISITE_STATE);
				}
				return rows.getBoolean(2) ? rows.getString(1) : null;
			}
		}
	}

	/**
	 * Look what has become of an index.
	 * @param connection the connection to ask
	 * @param index what {@link #begin} has returned
	 * @return what is there
	 * @throws SQLException if the server cannot be asked
	 */
	public State look(Connection connection, String index) throws SQLException {
		if (UNNAMED.equals(index)) {
			return State.UNKNOWN;
		}
		try (PreparedStatement query = connection.prepareStatement(LOOK)) {
			query.setString(1, index);
			try (ResultSet rows = query.executeQuery()) {
				if (!rows.next()) {
					return State.ABSENT;
				}
				// That of a partitioned table (I) is INVALID until each partition has one
				if (!"i".equals(rows.getString(1))) {
					return State.UNKNOWN;
				}
				if (rows.getBoolean(2)) {
					return State.VALID;
				}
				return rows.getBoolean(3) ? State.BEING_BUILT : State.INVALID;
			}
		}
	}

	/**
	 * Return the statement that removes an index that was left behind.
	 * @param index what {@link #begin} has returned
	 * @return one statement, to be executed in autocommit
	 */
	public static String drop(String index) {
		return "DROP INDEX CONCURRENTLY IF EXISTS " + index;
	}

	/**
	 * What has become of an index.
	 */
	public enum State {

		/**
		 * It is not there.
		 */
		ABSENT,

		/**
		 * It is whole.
		 */
		VALID,

		/**
		 * It is left over from a build that has ended.
		 */
		INVALID,

		/**
		 * A session is building it.
		 */
		BEING_BUILT,

		/**
		 * That cannot be told.
		 */
		UNKNOWN

	}

}
