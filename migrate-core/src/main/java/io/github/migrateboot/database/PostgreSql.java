package io.github.migrateboot.database;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.script.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL 14 or later, on a connection of its own or behind a pooler such as PgBouncer
 * in transaction mode.
 */
final class PostgreSql implements Database {

	/**
	 * A unique index of the catalog refuses a second one that is created at the same
	 * time; otherwise it is a duplicate table or schema.
	 */
	private static final Set<String> ALREADY_THERE = Set.of("23505", "42P07", "42P06");

	/** PostgreSQL keeps 63 bytes of a name, and the longest suffix is "_journal". */
	private static final int LONGEST_NAME = 55;

	private final boolean pooled;

	PostgreSql() {
		this(false);
	}

	PostgreSql(boolean pooled) {
		this.pooled = pooled;
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
	public String quote(String identifier) {
		return Sql.quote(identifier, "\"");
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
	public boolean hasTransactionalDdl() {
		return true;
	}

	@Override
	public boolean isPooled() {
		return this.pooled;
	}

	@Override
	public boolean pipelinesBatches() {
		return true;
	}

	@Override
	public Server probe(Connection connection) throws SQLException {
		return PostgreSqlProbe.probe(connection);
	}

	@Override
	public ConnectionTarget destination(Connection connection) throws SQLException {
		return PostgreSqlProbe.destination(connection);
	}

	@Override
	public TableName parseTableName(String configured) {
		String[] parts = configured.split("\\.", -1);
		if (parts.length > 2) {
			throw new InvalidSettingException(
					"The name of the history table is '" + configured + "', which has more than one dot.",
					"Set migrate.table to a table, or to a schema and a table with one dot between them.");
		}
		TableName name = (parts.length == 2) ? Sql.table(parts[0], parts[1], configured)
				: Sql.table(null, parts[0], configured);
		Sql.requireLength(name.name().getBytes(StandardCharsets.UTF_8).length, LONGEST_NAME, "bytes", configured);
		return name;
	}

	@Override
	public TableName resolve(TableName configured, Connection connection) throws SQLException {
		if (configured.schema() != null) {
			return configured;
		}
		List<@Nullable String> row = Sql.row(connection,
				"select pg_catalog.current_schema(), pg_catalog.current_setting('search_path')");
		String current = row.get(0);
		// With pg_temp or pg_catalog on the path that one is the current schema
		boolean usable = current != null && !current.startsWith("pg_");
		return configured.in(usable ? current : PostgreSqlSession.firstSchema(Sql.text(row, 1)));
	}

	@Override
	public Map<String, String> connectionProperties(Instance instance, String driverName) {
		if (!driverName.startsWith("PostgreSQL")) {
			return Map.of();
		}
		Map<String, String> properties = new HashMap<>();
		properties.put("ApplicationName", instance.label());
		// Makes the name part of the handshake; otherwise the driver executes a SET,
		// which
		// behind a pooler hits whatever session is at hand
		properties.put("assumeMinServerVersion", "9.0");
		properties.put("tcpKeepAlive", "true");
		if (this.pooled) {
			properties.put("prepareThreshold", "0");
		}
		return properties;
	}

	@Override
	public SessionState prepareSession(Connection connection, Instance instance) throws SQLException {
		if (!this.pooled) {
			return PostgreSqlSession.prepare(connection, instance);
		}
		PostgreSqlDriver.withoutPreparedStatements(connection);
		return PooledPostgreSqlSession.prepare(connection, instance);
	}

	@Override
	public boolean isMissingTable(SQLException error) {
		return Sql.any(error, (one) -> "42P01".equals(one.getSQLState()) || "3F000".equals(one.getSQLState()));
	}

	@Override
	public boolean isPermissionDenied(SQLException error) {
		return Sql.any(error, (one) -> "42501".equals(one.getSQLState()));
	}

	@Override
	public boolean isAlreadyThere(SQLException error) {
		return Sql.any(error, (one) -> ALREADY_THERE.contains(String.valueOf(one.getSQLState())));
	}

	@Override
	public boolean isDeadlock(SQLException error) {
		return Sql.any(error, (one) -> "40P01".equals(one.getSQLState()) || "40001".equals(one.getSQLState()));
	}

	@Override
	public boolean isLockTimeout(SQLException error) {
		return Sql.any(error, (one) -> "55P03".equals(one.getSQLState()));
	}

	@Override
	public String limitLockWait(Duration timeout, boolean local) {
		return (local ? "SET LOCAL" : "SET") + " lock_timeout = " + Sql.millis(timeout);
	}

	@Override
	public boolean liftLockTimeout(Connection connection, Duration timeout) throws SQLException {
		return !Sql
			.pairs(connection,
					"select name, pg_catalog.set_config(name, '0', false) from pg_catalog.pg_settings"
							+ " where name = 'lock_timeout' and setting = '" + Sql.millis(timeout) + "'")
			.isEmpty();
	}

	@Override
	public TimeLimit timeLimit(Duration timeout) {
		return new TimeLimit("SET LOCAL statement_timeout = " + Sql.millis(timeout), null);
	}

	@Override
	public boolean isTimeLimit(SQLException error) {
		return Sql.any(error, (one) -> "57014".equals(one.getSQLState()));
	}

	@Override
	public Blockers blockers(Connection connection, Instance instance) {
		return Blockers.ofPostgreSql(instance);
	}

	@Override
	public boolean isNullRefused(SQLException error) {
		return Sql.any(error, (one) -> "23502".equals(one.getSQLState()));
	}

	@Override
	public @Nullable StatementProgress progress(Connection connection, long session) throws SQLException {
		return PostgreSqlProgress.ask(connection, session);
	}

	@Override
	public ConcurrentIndexes concurrentIndexes() {
		return new ConcurrentIndexes();
	}

	@Override
	public int errorPosition(SQLException error) {
		return PostgreSqlProbe.isDriverPresent() ? PostgreSqlDriver.errorPosition(error) : 0;
	}

}
