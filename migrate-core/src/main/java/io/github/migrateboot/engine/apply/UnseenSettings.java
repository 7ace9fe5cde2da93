package io.github.migrateboot.engine.apply;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.script.SessionEffects;
import io.github.migrateboot.script.SqlStatement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of statements that have taken effect and that may have set the session, which is
 * gone, without the file saying so: by functions, procedures and blocks. Which names are
 * those of functions the database is asked.
 *
 * @param executor asks the database
 * @param migration the migration that goes on
 */
record UnseenSettings(StatementExecutor executor, Migration migration) {

	private static final Logger logger = LoggerFactory.getLogger(UnseenSettings.class);

	private static final int MOST_NAMED = 5;

	void warn(int done) throws SQLException {
		if (done >= this.migration.statements().size()) {
			return;
		}
		List<String> places = places(this.migration.statements().subList(0, done));
		if (places.isEmpty()) {
			return;
		}
		String named = String.join(", ", places.subList(0, Math.min(MOST_NAMED, places.size())));
		int more = places.size() - MOST_NAMED;
		SqlStatement next = this.migration.statements().get(done);
		logger.warn("What code has set in the session of {} that is gone, a role or search_path for example, does not"
				+ " show in the file and is not repeated: {}{}. If statement {} (line {}) or a later one needs it, fix"
				+ " the file from there on with a SET", this.migration, named,
				(more > 0) ? " and " + more + " more" : "", next.number(), next.line());
	}

	private List<String> places(List<SqlStatement> over) throws SQLException {
		SessionEffects effects = new SessionEffects(this.executor.database().syntax());
		Set<String> names = new TreeSet<>();
		over.forEach((statement) -> names.addAll(effects.calls(statement)));
		Set<String> functions = this.executor.database()
			.inspection()
			.functionsThatMaySet(this.executor.connection(), names);
		List<String> places = new ArrayList<>();
		for (SqlStatement statement : over) {
			Set<String> called = new TreeSet<>(effects.calls(statement));
			called.retainAll(functions);
			if (effects.runsCode(statement) || !called.isEmpty()) {
				String how = called.isEmpty() ? "" : ", calls " + String.join(", ", called);
				places.add("statement " + statement.number() + " (line " + statement.line() + how + ")");
			}
		}
		return places;
	}

}
