package io.github.migrateboot.engine.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.TimeLimit;
import io.github.migrateboot.engine.execution.LockedHistory;
import io.github.migrateboot.engine.execution.StatementExecutor;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.history.JournalState;
import io.github.migrateboot.history.Recording;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import io.github.migrateboot.settings.StatementSettings;

/**
 * Composes what is sent to the server for a migration in one transaction: its statements
 * and our own around them.
 *
 * @param executor knows session and limits
 * @param history the history
 * @param journalled the versions about which the journal may know something
 */
record TransactionSteps(StatementExecutor executor, LockedHistory history, Set<String> journalled) {

	MigrationTransaction of(Migration migration) {
		return transaction(migration, this.history.writer().record(migration.version()));
	}

	/**
	 * Compose a migration that is sent together with the one before it. Whatever becomes
	 * of what is sent, it has no effect unless that one is recorded.
	 */
	MigrationTransaction of(Migration migration, MigrationTransaction previous) {
		return transaction(migration, this.history.writer().recordAfter(migration.version(), previous.version()));
	}

	private MigrationTransaction transaction(Migration migration, String record) {
		Recording recording = this.history.recording(migration);
		return new MigrationTransaction(migration, recording, steps(migration, recording, record));
	}

	private List<BatchEntry> steps(Migration migration, Recording recording, String record) {
		List<BatchEntry> steps = new ArrayList<>();
		String startedAt = this.executor.database().dialect().time().startOfTransaction();
		List<SqlStatement> statements = migration.statements();
		int settings = 0;
		// SET TRANSACTION is refused after the first query, which would be ours.
		while (settings < statements.size() && statements.get(settings).kind() == Kind.TRANSACTION_SETTING) {
			steps.add(BatchEntry.of(statements.get(settings++)));
		}
		this.executor.session().state().atBegin().forEach((sql) -> steps.add(BatchEntry.ours(sql)));
		steps.add(BatchEntry.ours(record));
		if (this.executor.database().has(Capability.TRANSACTION_LIMITS)) {
			limits().forEach((sql) -> steps.add(BatchEntry.ours(sql)));
		}
		for (SqlStatement statement : statements.subList(settings, statements.size())) {
			steps.add(BatchEntry.of(statement));
		}
		// Before the journal is written: the file may have set a role that may not do
		// that.
		this.executor.restoringAfter(migration).forEach((sql) -> steps.add(BatchEntry.ours(sql)));
		// dbmate records last, so what a file does to the history must not touch its own
		// record.
		steps.add(BatchEntry.ours(this.history.writer().keep(migration.version())));
		if (this.journalled.contains(migration.version())) {
			steps.add(BatchEntry.ours(this.history.writer().forget(migration.version())));
		}
		// Without effect if the lock was taken over, and then the journal's condition is
		// false.
		this.history.lock().fence().ifPresent((fence) -> steps.add(BatchEntry.ours(fence)));
		steps.add(BatchEntry.ours(this.history.writer()
			.journal(recording, JournalState.APPLIED, startedAt,
					this.executor.database().dialect().time().millisSince(startedAt))));
		return steps;
	}

	/**
	 * Return what limits the statements of the file, and nothing before or after them.
	 */
	private List<String> limits() {
		StatementSettings settings = this.executor.settings();
		List<String> limits = new ArrayList<>();
		limits.add(this.executor.database().limits().lockWait(settings.lockTimeout(), true));
		TimeLimit timeLimit = (settings.timeout() != null) ? this.executor.database().limits().time(settings.timeout())
				: null;
		if (timeLimit != null) {
			limits.add(timeLimit.set());
		}
		return limits;
	}

}
