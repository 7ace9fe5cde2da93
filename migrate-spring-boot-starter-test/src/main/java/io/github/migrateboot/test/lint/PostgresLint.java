package io.github.migrateboot.test.lint;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.github.migrateboot.observation.ObservedStatement;
import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.Script;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Looks at migrations on PostgreSQL.
 */
final class PostgresLint implements Lint {

	private static final Set<String> SESSION = Set.of("SET", "RESET", "SHOW", "SAVEPOINT", "RELEASE", "ROLLBACK",
			"DISCARD", "LISTEN", "UNLISTEN", "NOTIFY");

	private static final List<StatementRule> RULES = List.of(new RewriteRule(), new TruncateRule(),
			new IndexBuildRule(), new ScanRule(), new HeldThroughRule());

	private static final String TABLES = """
			select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
			where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
			and n.nspname !~ '^pg_(toast|temp)' and not exists
			(select 1 from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass and d.deptype = 'e')""";

	private final boolean release;

	private final LintResult result = new LintResult();

	private final ChangeTracker changes = new ChangeTracker(ChangeRule.OF_FILE);

	private final ChangeTracker leftovers = new ChangeTracker(ChangeRule.AT_END);

	/** What was there before all files. */
	private @Nullable Catalog start;

	/** What was there before anything that is released with the file. */
	private Catalog base = Catalog.EMPTY;

	/** What was there before the file. */
	private Catalog beforeFile = Catalog.EMPTY;

	private Catalog now = Catalog.EMPTY;

	private String file = "";

	/** Whether the file has started a transaction. */
	private boolean started;

	PostgresLint(boolean release) {
		this.release = release;
	}

	@Override
	public Set<Hazard> hazards() {
		return EnumSet.complementOf(EnumSet.of(Hazard.COPY));
	}

	@Override
	public int tables(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(TABLES)) {
			row.next();
			return row.getInt(1);
		}
	}

	@Override
	public void beforeFile(Connection connection, MigrationFile file, Script script) throws SQLException {
		this.now = new CatalogReader(connection).read();
		if (this.start == null) {
			this.start = this.now;
		}
		this.base = this.release ? this.start : this.now;
		this.beforeFile = this.now;
		this.file = file.name();
		this.started = false;
		this.result.begin(file, script);
	}

	@Override
	public void around(ObservedStatement statement) throws SQLException {
		SqlStatement sql = statement.statement();
		if (sql.kind() == Kind.TRANSACTION_CONTROL) {
			statement.execute();
			this.started = sql.startsWith("BEGIN") || sql.startsWith("START");
			return;
		}
		if (sql.startsWithAny(SESSION)) {
			statement.execute();
			return;
		}
		this.result.forget(this.file, sql.number());
		PostgresMeasurement measurement = new PostgresMeasurement(statement);
		boolean inTransaction = this.started || !statement.connection().getAutoCommit();
		judge(statement, inTransaction ? measurement.inTransaction() : measurement.inTransactionIfPossible());
	}

	private void judge(ObservedStatement statement, PostgresMeasurement.Measured measured) {
		Catalog before = this.now;
		this.now = measured.catalog();
		SqlStatement sql = statement.statement();
		Finding.Place place = new Finding.Place(this.file, sql.line(), sql.number());
		Seen seen = new Seen(place, sql, this.base, before, this.now, measured.work());
		Partitions partitions = new Partitions(this.base);
		RULES.stream().flatMap((rule) -> partitions.together(rule.check(seen))).forEach(this.result::add);
		this.changes.update(this.base, this.beforeFile, this.now, place);
		Catalog first = Objects.requireNonNull(this.start, "No file was started");
		this.leftovers.update(first, first, this.now, place);
	}

	@Override
	public void afterFile(Connection connection, MigrationFile file) throws SQLException {
		this.changes.end().forEach(this.result::add);
	}

	@Override
	public void finish(Connection connection) {
		this.leftovers.end().forEach(this.result::add);
	}

	@Override
	public LintResult result() {
		return this.result;
	}

}
