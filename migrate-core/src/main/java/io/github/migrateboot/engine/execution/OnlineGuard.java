package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.OnlineRefusedException;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.script.DdlTable;
import io.github.migrateboot.script.OnlineDdl;
import io.github.migrateboot.script.OnlineDdl.Form;
import io.github.migrateboot.script.RebuiltTables;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.settings.StatementSettings;
import io.github.migrateboot.settings.StatementSettings.Online;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides with which text a statement of a migration is sent, where DDL can be asked to
 * let others write to the table meanwhile. What is recorded about the statement is always
 * the file's own text.
 */
public final class OnlineGuard {

	private static final Logger logger = LoggerFactory.getLogger(OnlineGuard.class);

	private static final Set<String> DDL = Set.of("ALTER", "CREATE", "OPTIMIZE");

	private final Online policy;

	private final Database database;

	private final NewTables created;

	private final RebuildCheck rebuilds;

	private final @Nullable Migration migration;

	private OnlineGuard(Online policy, Database database, NewTables created, RebuildCheck rebuilds,
			@Nullable Migration migration) {
		this.policy = policy;
		this.database = database;
		this.created = created;
		this.rebuilds = rebuilds;
		this.migration = migration;
	}

	/**
	 * Create the guard of a run.
	 */
	static OnlineGuard of(StatementSettings settings, MigrationSession session) {
		Database database = session.database();
		if (settings.online() != Online.OFF && !database.has(Capability.ONLINE_DDL)) {
			logger.warn("migrate.statement.online has no effect on {}: it is for MySQL and MariaDB",
					database.displayName());
		}
		return new OnlineGuard(settings.online(), database, new NewTables(session.connection(), database),
				new RebuildCheck(session, settings.lockTimeout()), null);
	}

	/**
	 * Return the same for the statements of a migration.
	 */
	OnlineGuard during(Migration migration) {
		return new OnlineGuard(this.policy, this.database, this.created, this.rebuilds, migration);
	}

	/**
	 * Note that a statement of the migration was executed by an earlier run.
	 */
	public void earlier(SqlStatement statement) {
		if (this.database.has(Capability.ONLINE_DDL)) {
			this.created.earlier(statement);
		}
	}

	/**
	 * Send a statement.
	 * @param joined whether nothing may be executed before it
	 * @param sender executes a text
	 */
	void send(SqlStatement statement, boolean joined, Sender sender) throws SQLException {
		if (!this.database.has(Capability.ONLINE_DDL)) {
			sender.send(statement.text());
			return;
		}
		this.created.before(statement, this.policy != Online.OFF && !joined);
		if (!joined && statement.startsWithAny(DDL)) {
			List<DdlTable> tables = RebuiltTables.of(statement.text(), this.database.rules());
			this.rebuilds.before(tables.stream().filter((table) -> !this.created.contains(table)).toList(),
					place(statement));
		}
		if (this.policy == Online.OFF) {
			sender.send(statement.text());
		}
		else {
			guard(statement, sender);
		}
		this.created.after(statement);
	}

	private void guard(SqlStatement statement, Sender sender) throws SQLException {
		OnlineDdl ddl = statement.startsWithAny(DDL) ? OnlineDdl.of(statement.text(), this.database.rules())
				: new OnlineDdl(Form.OTHER, null, statement.text());
		if (ddl.form() == Form.ASKING && isAsked(statement, ddl)) {
			ask(statement, ddl, sender);
			return;
		}
		if (ddl.form() == Form.NO_PLACE) {
			logUnguarded(statement);
		}
		sender.send(statement.text());
	}

	private boolean isAsked(SqlStatement statement, OnlineDdl ddl) {
		if (this.created.contains(ddl.table())) {
			return false;
		}
		Optional<String> reason = (this.migration != null) ? this.migration.script().allowed(Hazard.COPY.id())
				: Optional.empty();
		reason.ifPresent((why) -> logger.info("{} is sent as it is written, because the file allows it to copy: {}",
				place(statement), why));
		return reason.isEmpty();
	}

	private void ask(SqlStatement statement, OnlineDdl ddl, Sender sender) throws SQLException {
		try {
			sender.send(ddl.text());
			return;
		}
		catch (SQLException ex) {
			if (this.database.errors().isNotParsed(ex)) {
				logUnguarded(statement);
			}
			else if (!this.database.errors().isNotOnline(ex)) {
				throw ex;
			}
			else if (this.policy == Online.REQUIRE) {
				throw new OnlineRefusedException(ex);
			}
			else {
				logger.warn(
						"{}: the server can't do it while others write to the table, so they wait until it is done"
								+ " (migrate.statement.online=warn): {}",
						place(statement), SqlErrors.describe(ex, statement.text()));
			}
		}
		sender.send(statement.text());
	}

	private void logUnguarded(SqlStatement statement) {
		logger.warn("{} is unguarded: LOCK=NONE has no place in it, so it is sent as it is written and others may have"
				+ " to wait until it is done", place(statement));
	}

	private String place(SqlStatement statement) {
		return ((this.migration != null) ? this.migration + ", " : "") + "statement " + statement.number() + " (line "
				+ statement.line() + ")";
	}

	/**
	 * Executes a text in place of a statement.
	 */
	@FunctionalInterface
	interface Sender {

		/**
		 * Execute it, within the limits of the statement.
		 */
		void send(String text) throws SQLException;

	}

}
