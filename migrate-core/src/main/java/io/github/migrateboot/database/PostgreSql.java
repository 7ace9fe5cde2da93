package io.github.migrateboot.database;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.script.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL 14 or later, on a connection of its own or behind a pooler such as PgBouncer
 * in transaction mode.
 *
 * @param isPooled whether a pooler stands between
 */
record PostgreSql(boolean isPooled) implements Database {

	/** PostgreSQL keeps 63 bytes of a name, and the longest suffix is "_journal". */
	private static final int LONGEST_NAME = 55;

	PostgreSql() {
		this(false);
	}

	@Override
	public String id() {
		return "postgresql";
	}

	@Override
	public String displayName() {
		return "PostgreSQL";
	}

	@Override
	public SqlSyntax syntax() {
		return SqlSyntax.POSTGRESQL;
	}

	@Override
	public SqlDialect dialect() {
		return SqlDialect.POSTGRESQL;
	}

	@Override
	public TableName parseTableName(String configured) {
		String[] parts = configured.split("\\.", -1);
		if (parts.length > 2) {
			throw new InvalidSettingException(
					"The name of the history table is '" + configured + "', which has more than one dot.",
					"Set migrate.table to a table, or to a schema and a table with one dot between them.");
		}
		TableName name = (parts.length == 2) ? TableName.configured(parts[0], parts[1], configured)
				: TableName.configured(null, parts[0], configured);
		TableName.requireLength(name.name().getBytes(StandardCharsets.UTF_8).length, LONGEST_NAME, "bytes", configured);
		return name;
	}

	@Override
	public TableName resolve(TableName configured, Connection connection) throws SQLException {
		if (configured.schema() != null) {
			return configured;
		}
		List<@Nullable String> row = Jdbc.onlyRow(connection,
				"select pg_catalog.current_schema(), pg_catalog.current_setting('search_path')");
		String current = row.get(0);
		// With pg_temp or pg_catalog on the path that one is the current schema
		boolean usable = current != null && !current.startsWith("pg_");
		return configured.in(usable ? current : PostgreSqlSession.firstSchema(Jdbc.text(row, 1)));
	}

	@Override
	public Set<Capability> capabilities() {
		return Set.of(Capability.TRANSACTIONAL_DDL, Capability.TRANSACTIONAL_SETTINGS, Capability.TRANSACTION_LIMITS,
				Capability.PIPELINED_BATCHES, Capability.ATOMIC_BATCHES);
	}

	@Override
	public LockMeans lockMeans() {
		return LockMeans.ADVISORY_LOCK;
	}

	@Override
	public DatabaseErrors errors() {
		return new PostgreSqlErrors();
	}

	@Override
	public StatementLimits limits() {
		return new PostgreSqlLimits();
	}

	@Override
	public Sessions sessions() {
		return new PostgreSqlSessions(this.isPooled);
	}

	@Override
	public Inspection inspection() {
		return new PostgreSqlInspection();
	}

}
