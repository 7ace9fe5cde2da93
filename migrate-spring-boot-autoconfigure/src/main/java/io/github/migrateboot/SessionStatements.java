package io.github.migrateboot;

import java.util.Set;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.SessionTraces;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import io.github.migrateboot.script.SqlSyntax;

/**
 * Statements that mean the session of the server they run in. Behind a pooler that
 * session changes with each transaction: outside of one, the next statement may not see
 * what was set, and a stranger may.
 */
final class SessionStatements {

	private static final Set<String> WORDS = Set.of("DISCARD", "LISTEN", "UNLISTEN", "PREPARE", "LOAD");

	private static final Pattern OF_THE_TRANSACTION = Pattern.compile("on\\s+commit\\s+drop|,\\s*true\\s*\\)\\s*$",
			Pattern.CASE_INSENSITIVE);

	private static final SessionTraces TRACES = new SessionTraces(SqlSyntax.POSTGRESQL);

	private SessionStatements() {
	}

	static void requireNone(PendingMigration migration) {
		for (Section section : migration.script().sections()) {
			if (!PendingMigration.isTransactional(section)) {
				section.statements()
					.stream()
					.filter(SessionStatements::isOfSession)
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

	private static void refuse(PendingMigration migration, SqlStatement statement) {
		throw new UnsupportedDatabaseException(
				("Migration %s changes the session outside a transaction, in line %d: %s. Behind a connection pooler the"
						+ " next statement may run in another session, and other clients of the pooler would get this"
						+ " one. Nothing was applied in this run.")
					.formatted(migration.file().name(), statement.line(), StatementFailure.excerpt(statement)),
				"Leave the transaction on (then it is put back before the commit), use ALTER ROLE … SET or ALTER"
						+ " DATABASE … SET instead, or connect directly to the server.");
	}

}
