package io.github.migrateboot.test.lint;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.github.migrateboot.observation.ObservedStatement;
import io.github.migrateboot.safety.Finding;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.script.DdlTable;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.OnlineDdl;
import io.github.migrateboot.script.OnlineDdl.Form;
import io.github.migrateboot.script.Script;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import io.github.migrateboot.test.lint.MySqlMeasurement.Measured;
import org.jspecify.annotations.Nullable;

/**
 * Looks at migrations on MySQL and MariaDB.
 */
final class MySqlLint implements Lint {

	private static final Set<String> ROUTINES = Set.of("CALL", "EXECUTE");

	private static final Set<String> DDL = Set.of("ALTER", "CREATE");

	private static final String TABLES = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()";

	private final boolean release;

	private final LintResult result = new LintResult();

	private final ChangeTracker changes = new ChangeTracker(ChangeRule.OF_FILE);

	private @Nullable MySqlCatalogReader catalogs;

	/** What was there before all files. */
	private @Nullable Catalog start;

	/** What was there before anything that is released with the file. */
	private Catalog base = Catalog.EMPTY;

	/** What was there before the file. */
	private Catalog beforeFile = Catalog.EMPTY;

	private Catalog now = Catalog.EMPTY;

	private String file = "";

	private Finding.@Nullable Place unread;

	MySqlLint(boolean release) {
		this.release = release;
	}

	@Override
	public Set<Hazard> hazards() {
		return EnumSet.of(Hazard.COPY, Hazard.TRUNCATE, Hazard.COLUMN_DROPPED, Hazard.COLUMN_RENAMED,
				Hazard.TABLE_DROPPED, Hazard.TABLE_RENAMED, Hazard.NOT_NULL_WITHOUT_DEFAULT, Hazard.DEFAULT_DROPPED,
				Hazard.TYPE_CHANGED);
	}

	@Override
	public int tables(Connection connection) throws SQLException {
		return Integer.parseInt(value(connection, TABLES));
	}

	private static String value(Connection connection, String query) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(query)) {
			row.next();
			return row.getString(1);
		}
	}

	@Override
	public void beforeFile(Connection connection, MigrationFile file, Script script) throws SQLException {
		if (this.catalogs == null) {
			this.catalogs = new MySqlCatalogReader(value(connection, "SELECT DATABASE()"));
		}
		this.now = this.catalogs.read(connection);
		if (this.start == null) {
			this.start = this.now;
		}
		this.base = this.release ? this.start : this.now;
		this.beforeFile = this.now;
		this.file = file.name();
		this.result.begin(file, script);
	}

	@Override
	public void around(ObservedStatement statement) throws SQLException {
		SqlStatement sql = statement.statement();
		this.result.forget(this.file, sql.number());
		Finding.Place place = new Finding.Place(this.file, sql.line(), sql.number());
		OnlineDdl ddl = sql.startsWithAny(DDL) ? OnlineDdl.of(sql.text(), statement.database().rules())
				: new OnlineDdl(Form.OTHER, null, sql.text());
		Optional<Relation> table = old(ddl.table());
		if (table.isPresent() && ddl.form() != Form.OTHER && ddl.form() != Form.MOMENTARY) {
			judge(new MySqlMeasurement(statement, ddl).execute(), sql, table.get(), place);
		}
		else {
			statement.execute();
		}
		truncated(sql, place);
		boolean changes = sql.kind() == Kind.ORDINARY || sql.startsWithAny(ROUTINES);
		if (changes || this.unread != null) {
			this.unread = (this.unread != null) ? this.unread : place;
			look(statement);
		}
	}

	/**
	 * Return the table that a statement names, if it was there before.
	 */
	private Optional<Relation> old(@Nullable DdlTable named) {
		if (named == null) {
			return Optional.empty();
		}
		return this.now.relations()
			.values()
			.stream()
			.filter((each) -> each.name().equalsIgnoreCase(named.name())
					&& (named.schema().isEmpty() || each.schema().equalsIgnoreCase(named.schema())))
			.filter((each) -> this.base.has(each.oid()))
			.findFirst();
	}

	private void judge(Measured measured, SqlStatement sql, Relation table, Finding.Place place) {
		if (!measured.blocks() && !measured.copied()) {
			return;
		}
		String effect = measured.blocks()
				? "%s can't be altered so while others write to it%s: until it is done, which takes the longer the larger the table is, each insert, update and delete waits."
					.formatted(table.sqlName(), (measured.refusal() != null) ? " (" + measured.refusal() + ")" : "")
				: "%s is copied, while others write to it: that takes the longer the larger the table is, and the space of a second one, and replicas lag. Before MariaDB 11.2 each insert, update and delete would wait."
					.formatted(table.sqlName());
		this.result.add(new Finding(Hazard.COPY, place, table.qualified(), measured.blocks() ? "LOCK=SHARED" : null,
				effect, new CopyRemedy(sql.text(), table.sqlName()).sql()));
	}

	private void truncated(SqlStatement sql, Finding.Place place) {
		if (!sql.startsWith("TRUNCATE")) {
			return;
		}
		List<String> names = List.of(sql.text()
			.strip()
			.replaceFirst("(?i)^truncate\\s+(table\\s+)?", "")
			.replace("`", "")
			.split("\\s*\\.\\s*"));
		DdlTable named = new DdlTable((names.size() > 1) ? names.get(0) : "", names.get(names.size() - 1).strip());
		old(named).ifPresent((table) -> this.result.add(new Finding(Hazard.TRUNCATE, place, table.qualified(), null,
				"%s is emptied: its rows are gone for the release before, too.".formatted(table.sqlName()),
				"delete from %s where <key> between 1 and 10000; -- in batches, in files of their own"
					.formatted(table.sqlName()))));
	}

	/**
	 * Look what has changed, as soon as that disturbs nothing.
	 */
	private void look(ObservedStatement statement) throws SQLException {
		Finding.Place place = this.unread;
		if (place == null || statement.isFollowed() || this.catalogs == null) {
			return;
		}
		this.unread = null;
		this.now = this.catalogs.read(statement.connection());
		this.changes.update(this.base, this.beforeFile, this.now, place);
	}

	@Override
	public void afterFile(Connection connection, MigrationFile file) {
		this.changes.end().forEach(this.result::add);
	}

	@Override
	public void finish(Connection connection) {
		// What is left undone on PostgreSQL these databases do by themselves.
	}

	@Override
	public LintResult result() {
		return this.result;
	}

}
