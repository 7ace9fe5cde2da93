package io.github.migrateboot.database;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
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
 * @param charset in what the database stores text
 */
record PostgreSql(boolean isPooled, Charset charset) implements Database {

	/** PostgreSQL keeps 63 bytes of a name, and the longest suffix is "_journal". */
	private static final int LONGEST_NAME = 55;

	PostgreSql() {
		this(false, StandardCharsets.UTF_8);
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
	public String storable(String text) {
		// The server would refuse the whole statement.
		return this.charset.equals(StandardCharsets.UTF_8) ? text
				: new String(text.getBytes(this.charset), this.charset);
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
		return places(configured, connection).first().table();
	}

	@Override
	public TablePlaces places(TableName configured, Connection connection) throws SQLException {
		if (configured.schema() != null) {
			return TablePlaces.only(configured);
		}
		List<CatalogRow> schemas = new ArrayList<>();
		for (List<@Nullable String> row : Jdbc.rows(connection, Integer.MAX_VALUE,
				catalog().query(configured, configured.with("_journal")))) {
			schemas.add(new CatalogRow(Jdbc.text(row, 0), row.get(1), row.get(2), row.get(3), row.get(4),
					Integer.parseInt(Jdbc.text(row, 5))));
		}
		return catalog().places(configured, schemas);
	}

	@Override
	public PostgreSqlCatalog catalog() {
		return new PostgreSqlCatalog(this);
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
