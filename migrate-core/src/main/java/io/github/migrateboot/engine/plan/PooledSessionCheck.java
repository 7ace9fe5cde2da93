package io.github.migrateboot.engine.plan;

import java.util.Set;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.SessionEffects;
import io.github.migrateboot.script.SqlExcerpt;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import io.github.migrateboot.script.SqlSyntax;

/**
 * Statements that mean the session of the server they run in. Behind a pooler that
 * session changes with each transaction: outside of one, the next statement may not see
 * what was set, and a stranger may.
 */
public final class PooledSessionCheck {

	private static final Set<String> WORDS = Set.of("DISCARD", "LISTEN", "UNLISTEN", "PREPARE", "LOAD");

	private static final Pattern OF_THE_TRANSACTION = Pattern.compile("on\\s+commit\\s+drop|,\\s*true\\s*\\)\\s*$",
			Pattern.CASE_INSENSITIVE);

	private static final SessionEffects TRACES = new SessionEffects(SqlSyntax.POSTGRESQL);

	private PooledSessionCheck() {
	}

	public static void requireNone(Migration migration) {
		for (Section section : migration.script().sections()) {
			if (!Migration.isTransactional(section)) {
				section.statements()
					.stream()
					.filter(PooledSessionCheck::isOfSession)
					.findFirst()
					.ifPresent((statement) -> refuse(migration, statement));
			}
		}
	}

	private static boolean isOfSession(SqlStatement statement) {
		if (statement.kind() == Kind.TRANSACTION_CONTROL || OF_THE_TRANSACTION.matcher(statement.text()).find()) {
			return false;
		}
		return TRACES.isSetting(statement) || TRACES.createsTemporaryTable(statement)
				|| WORDS.stream().anyMatch(statement::startsWith);
	}

	private static void refuse(Migration migration, SqlStatement statement) {
		throw new UnsupportedDatabaseException(FailureText
			.of("Migration %s changes the session outside a transaction, in line %s".formatted(migration.file().name(),
					statement.line()))
			.and(new FailureText(": " + SqlExcerpt.of(statement.text()), ""))
			.and(". Behind a connection pooler the next statement may run in another session, and other clients of"
					+ " the pooler would get this one. Nothing was applied in this run."),
				"Leave the transaction on (then it is restored before the commit), use ALTER ROLE … SET or ALTER"
						+ " DATABASE … SET instead, or connect directly to the server.",
				null);
	}

}
