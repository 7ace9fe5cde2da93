package io.github.migrateboot.database;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.ReadOnlyDatabaseException;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * PostgreSQL 14 or later, on a connection of its own or behind a pooler such as PgBouncer
 * in transaction mode.
 */
final class PostgreSql implements Database {

	/*
	 * The postmaster's start time identifies the server: everybody may read it, it is the
	 * same over TCP and over a Unix socket, and it differs between a server and its
	 * replica or its clone, which share the system identifier.
	 */
	private static final String DESTINATION = "extract(epoch from pg_catalog.pg_postmaster_start_time())::text, "
			+ "pg_catalog.current_database(), pg_catalog.current_schema()";

	private static final String PROBE = "select " + DESTINATION + ", pg_catalog.version(), "
			+ "pg_catalog.current_setting('server_version_num'), pg_catalog.pg_is_in_recovery()::text, "
			+ "pg_catalog.current_setting('transaction_read_only'), pg_catalog.pg_backend_pid(), "
			+ "(select backend_start::text from pg_catalog.pg_stat_activity where pid = pg_catalog.pg_backend_pid())";

	private static final Pattern LOOK_ALIKES = Pattern.compile(
			"CockroachDB|-YB-|Yugabyte|Redshift|Greenplum|Cloudberry"
					+ "|Materialize|RisingWave|QuestDB|CrateDB|Vertica|openGauss|GaussDB|Spanner",
			Pattern.CASE_INSENSITIVE);

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
		List<@Nullable String> answer = ask(connection);
		requireSupported(Sql.text(answer, 3), Integer.parseInt(Sql.text(answer, 4)));
		if (Boolean.parseBoolean(answer.get(5))) {
			throw new ReadOnlyDatabaseException("The PostgreSQL server is a standby (pg_is_in_recovery() is true), "
					+ "which nothing can be written to.", "Connect to the primary.");
		}
		if ("on".equals(answer.get(6))) {
			throw readOnly(connection);
		}
		boolean pooler = isDriverPresent()
				&& PostgreSqlDriver.isPooled(connection, Integer.parseInt(Sql.text(answer, 7)));
		return new Server(new PostgreSql(pooler), version(Sql.text(answer, 3)), destination(answer),
				Server.Reach.SHARED, pooler ? null : session(answer));
	}

	private static @Nullable SessionProbe session(List<@Nullable String> answer) {
		String start = answer.get(8);
		return (start != null) ? new PostgreSqlSessionProbe(Integer.parseInt(Sql.text(answer, 7)), start) : null;
	}

	private List<@Nullable String> ask(Connection connection) throws SQLException {
		try {
			return Sql.row(connection, PROBE);
		}
		catch (SQLException ex) {
			// A look-alike need not know all of it
			requireGenuine(Sql.text(Sql.row(connection, "select version()"), 0));
			throw ex;
		}
	}

	@Override
	public Destination destination(Connection connection) throws SQLException {
		return destination(Sql.row(connection, "select " + DESTINATION));
	}

	private static Destination destination(List<@Nullable String> row) {
		return new Destination(Sql.text(row, 0), Sql.text(row, 1), row.get(2));
	}

	static void requireSupported(String version, int number) {
		requireGenuine(version);
		if (number < 140000) {
			throw new UnsupportedDatabaseException(
					"The server is %s, which is too old.".formatted("PostgreSQL " + version(version)),
					"PostgreSQL 14 or later is supported. Upgrade the server.");
		}
	}

	private static void requireGenuine(String version) {
		// A genuine one says "PostgreSQL 18.1 on x86_64-pc-linux-gnu, compiled by …"
		boolean genuine = version.startsWith("PostgreSQL ") && version.contains(" on ")
				&& version.contains("compiled by ");
		if (!genuine || LOOK_ALIKES.matcher(version).find()) {
			throw new UnsupportedDatabaseException("The server speaks PostgreSQL's protocol but says that it is '"
					+ version + "'. On such servers advisory locks and transactional DDL are missing or do not "
					+ "mean the same, so two instances could migrate at once.", "Use PostgreSQL 14 or later.");
		}
	}

	private static String version(String version) {
		return version.split(" ", 3)[1];
	}

	private static UnsupportedDatabaseException readOnly(Connection connection) throws SQLException {
		String source = Sql
			.text(Sql.row(connection, "select case when setting = 'on' then source else 'transaction' end "
					+ "from pg_catalog.pg_settings where name = 'default_transaction_read_only'"), 0);
		String cause = switch (source) {
			case "database", "user", "database user" ->
				"default_transaction_read_only is on for this database or user (ALTER DATABASE or ALTER ROLE … SET)";
			case "client" -> "the options in the JDBC URL switch default_transaction_read_only on";
			case "session" -> "the pool or its init SQL has switched the session to read-only";
			case "transaction" -> "the connection is set to read-only";
			default -> "default_transaction_read_only is on in the server's configuration";
		};
		String description = "PostgreSQL refuses to write: " + cause + ".";
		String action = "Switch it off for migrations, or connect to a writable server.";
		return Set.of("client", "session", "transaction").contains(source)
				? new UnsupportedDatabaseException(description, action)
				: new ReadOnlyDatabaseException(description, action);
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
		return isDriverPresent() ? PostgreSqlDriver.errorPosition(error) : 0;
	}

	private boolean isDriverPresent() {
		return ClassUtils.isPresent("org.postgresql.PGConnection", getClass().getClassLoader());
	}

}
