package io.github.migrateboot.engine.execution;

import java.sql.SQLException;
import java.util.Optional;

import io.github.migrateboot.connection.MigrationSession;
import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.database.SqlErrors;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.engine.plan.OnlineRefusedException;
import io.github.migrateboot.safety.Hazard;
import io.github.migrateboot.script.OnlineDdl;
import io.github.migrateboot.script.OnlineDdl.Form;
import io.github.migrateboot.script.SqlStatement;
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

	private final Online policy;

	private final Database database;

	private final NewTables created;

	private final @Nullable Migration migration;

	private OnlineGuard(Online policy, Database database, NewTables created, @Nullable Migration migration) {
		this.policy = policy;
		this.database = database;
		this.created = created;
		this.migration = migration;
	}

	/**
	 * Create the guard of a run.
	 */
	static OnlineGuard of(Online policy, MigrationSession session) {
		Database database = session.database();
		boolean possible = database.has(Capability.ONLINE_DDL);
		if (!possible && policy != Online.OFF) {
			logger.warn("migrate.statement.online has no effect on {}: it is for MySQL and MariaDB",
					database.displayName());
		}
		return new OnlineGuard(possible ? policy : Online.OFF, database, new NewTables(session.connection(), database),
				null);
	}

	/**
	 * Return the same for the statements of a migration.
	 */
	OnlineGuard during(Migration migration) {
		return new OnlineGuard(this.policy, this.database, this.created, migration);
	}

	/**
	 * Note that a statement of the migration was executed by an earlier run.
	 */
	public void earlier(SqlStatement statement) {
		if (this.policy != Online.OFF) {
			this.created.earlier(statement);
		}
	}

	/**
	 * Send a statement.
	 * @param sender executes a text
	 */
	void send(SqlStatement statement, Sender sender) throws SQLException {
		if (this.policy == Online.OFF) {
			sender.send(statement.text());
			return;
		}
		this.created.before(statement);
		OnlineDdl ddl = ddl(statement);
		if (ddl.form() == Form.ASKING && isAsked(statement, ddl)) {
			ask(statement, ddl, sender);
		}
		else {
			if (ddl.form() == Form.NO_PLACE) {
				logUnguarded(statement);
			}
			sender.send(statement.text());
		}
		this.created.after(statement);
	}

	private OnlineDdl ddl(SqlStatement statement) {
		boolean concerned = statement.startsWith("ALTER") || statement.startsWith("CREATE");
		return concerned ? OnlineDdl.of(statement.text(), this.database.rules())
				: new OnlineDdl(Form.OTHER, "", statement.text());
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
