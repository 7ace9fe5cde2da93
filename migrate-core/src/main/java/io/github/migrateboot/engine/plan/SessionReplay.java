package io.github.migrateboot.engine.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.failure.FailureText;
import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.SessionEffects;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What the statements before a certain one had left in their session, which has ended.
 * Settings are repeated; for the rest there is a sentence.
 */
public final class SessionReplay {

	private final Database database;

	private final boolean settingsMayRollBack;

	private final SessionEffects traces;

	private final List<SqlStatement> replays = new ArrayList<>();

	private final Set<String> variables = new TreeSet<>();

	private @Nullable FailureText obstacle;

	public SessionReplay(Database database, Migration migration, int from) {
		this.database = database;
		this.settingsMayRollBack = database.has(Capability.TRANSACTIONAL_SETTINGS);
		this.traces = new SessionEffects(database.syntax());
		List<SqlStatement> left = migration.statements().stream().filter((one) -> one.number() >= from).toList();
		if (!left.isEmpty()) {
			migration.script().sections().forEach((section) -> read(section, from));
			look(left);
		}
	}

	/**
	 * Return whether statements of a migration may leave something in their session that
	 * can't be brought back.
	 */
	static boolean mayLeaveTraces(Database database, Migration migration) {
		SessionEffects traces = new SessionEffects(database.syntax());
		return migration.statements()
			.stream()
			.anyMatch((statement) -> statement.kind() == Kind.TRANSACTION_CONTROL
					|| traces.createsTemporaryTable(statement) || traces.computesVariables(statement)
					|| traces.asksForLastInsert(statement));
	}

	/**
	 * Return the statements that are to be repeated.
	 */
	public List<SqlStatement> replays() {
		return List.copyOf(this.replays);
	}

	/**
	 * Return why the session cannot be brought back, or {@code null}.
	 */
	public @Nullable FailureText obstacle() {
		return this.obstacle;
	}

	private void read(Section section, int from) {
		SessionTracker interlude = new SessionTracker(this.database);
		for (SqlStatement statement : section.statements()) {
			if (statement.number() >= from) {
				if (interlude.isChained()) {
					this.obstacle = FailureText.of("the transaction that it belongs to is gone with the session");
				}
				return;
			}
			interlude.after(statement);
			read(statement, interlude);
		}
		if (interlude.isOpen()) {
			// At its end the session was restored.
			this.replays.clear();
		}
	}

	private void read(SqlStatement statement, SessionTracker interlude) {
		if (this.traces.isSetting(statement)) {
			this.replays.add(statement);
			return;
		}
		boolean tables = interlude.areTablesLocked();
		this.replays.removeIf((replay) -> locks(replay) && (!tables || locks(statement)));
		if (tables && locks(statement)) {
			this.replays.add(statement);
		}
		if (this.traces.computesVariables(statement)) {
			this.variables.addAll(this.traces.variables(statement));
		}
		if (this.traces.createsTemporaryTable(statement)) {
			this.obstacle = FailureText
				.of(place(statement) + " created a temporary table, which is gone with the session");
		}
		boolean undoes = statement.kind() == Kind.TRANSACTION_CONTROL
				&& (statement.startsWith("ROLLBACK") || statement.startsWith("ABORT"));
		if (undoes && this.settingsMayRollBack && !this.replays.isEmpty()) {
			this.obstacle = FailureText.of(place(statement) + " may have undone settings of the session");
		}
	}

	private static boolean locks(SqlStatement statement) {
		return statement.startsWith("LOCK") || statement.startsWith("FLUSH");
	}

	private void look(List<SqlStatement> left) {
		boolean inserted = false;
		for (SqlStatement statement : left) {
			Set<String> used = new TreeSet<>(this.traces.variables(statement));
			used.retainAll(this.variables);
			if (!used.isEmpty()) {
				this.obstacle = FailureText.of(place(statement) + " uses ")
					.and(new FailureText(String.join(", ", used), "a variable"))
					.and(", whose value is gone with the session");
				return;
			}
			if (!inserted && this.traces.asksForLastInsert(statement)) {
				this.obstacle = FailureText.of(place(statement) + " asks what an earlier statement of the session did");
				return;
			}
			inserted |= this.traces.inserts(statement);
		}
	}

	private static String place(SqlStatement statement) {
		return "statement " + statement.number() + " (line " + statement.line() + ")";
	}

}
