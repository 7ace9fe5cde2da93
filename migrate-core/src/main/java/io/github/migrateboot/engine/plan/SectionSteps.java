package io.github.migrateboot.engine.plan;

import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.database.Capability;
import io.github.migrateboot.database.Database;
import io.github.migrateboot.script.Diagnostics;
import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.SessionEffects;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;
import io.github.migrateboot.script.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * Divides a section into steps: the journal is written before each of them and not in
 * between, so that the file's statements follow each other as a client program would
 * execute them.
 * <p>
 * Outside a transaction each statement is a step, except what asks about the one before
 * it. In a transaction, ours or one of the file's, a step begins only where the
 * transaction may be committed: what was done before is undone if the step is cut off.
 */
public final class SectionSteps {

	private final List<Place> places;

	private SectionSteps(List<Place> places) {
		this.places = List.copyOf(places);
	}

	/**
	 * Divide a section.
	 */
	public static SectionSteps of(Database database, Section section) {
		return new SectionSteps(new Division(database, section).divide());
	}

	/**
	 * Divide the section in which a statement is, or return {@code null} if there is
	 * none.
	 */
	public static @Nullable SectionSteps of(Database database, Migration migration, int number) {
		return migration.script()
			.sections()
			.stream()
			.filter((section) -> section.statements().stream().anyMatch((one) -> one.number() == number))
			.findFirst()
			.map((section) -> of(database, section))
			.orElse(null);
	}

	/**
	 * Return whether the journal is written before a statement.
	 */
	public boolean begins(SqlStatement statement) {
		return place(statement.number()).begins;
	}

	/**
	 * Return the statement whose intent is journalled before a statement that begins a
	 * step: in a transaction the one that may commit it, else the statement itself.
	 */
	public SqlStatement intended(SqlStatement statement) {
		return place(statement.number()).intended;
	}

	/**
	 * Return whether the journal would have to be written before a statement if nothing
	 * before it were executed.
	 */
	public boolean mayLast(SqlStatement statement) {
		return place(statement.number()).mayLast;
	}

	/**
	 * Return whether nothing of ours may run before a statement.
	 */
	public boolean isJoined(SqlStatement statement) {
		return place(statement.number()).joined;
	}

	/**
	 * Return whether the file's own transaction is open when a statement is executed.
	 */
	public boolean isInTransactionOfFile(SqlStatement statement) {
		return place(statement.number()).inTransactionOfFile;
	}

	/**
	 * Return what is undone of a step if the step is cut off, because it is done in a
	 * transaction.
	 * @param from the statement from which on the step is looked at
	 */
	public List<SqlStatement> undone(SqlStatement from) {
		List<SqlStatement> undone = new ArrayList<>();
		for (int i = index(from.number()); i < this.places.size(); i++) {
			Place place = this.places.get(i);
			if (i > index(from.number()) && place.begins) {
				break;
			}
			if (place.undone) {
				undone.add(place.statement);
			}
		}
		return undone;
	}

	/**
	 * Return whether a statement is undone if its step is cut off.
	 */
	public boolean isUndone(SqlStatement statement) {
		return place(statement.number()).undone;
	}

	/**
	 * Return the last statement of a step that may have taken effect for good when the
	 * step was cut off.
	 * @param number the statement with which the step began
	 * @return its number, or 0 if nothing of the step can have stayed
	 */
	public int end(int number) {
		int end = 0;
		for (int i = index(number); i < this.places.size(); i++) {
			Place place = this.places.get(i);
			if (i > index(number) && place.begins) {
				break;
			}
			if (place.lasts) {
				end = place.statement.number();
			}
		}
		return end;
	}

	private Place place(int number) {
		return this.places.get(index(number));
	}

	private int index(int number) {
		return number - this.places.get(0).statement.number();
	}

	/**
	 * A statement in its section.
	 */
	private static final class Place {

		private final SqlStatement statement;

		private SqlStatement intended;

		private boolean begins;

		private boolean mayLast;

		private boolean joined;

		private boolean inTransactionOfFile;

		private boolean lasts;

		private boolean undone;

		Place(SqlStatement statement) {
			this.statement = statement;
			this.intended = statement;
		}

	}

	/**
	 * The division of a section.
	 *
	 * @param database the kind of database
	 * @param section the section
	 */
	private record Division(Database database, Section section) {

		List<Place> divide() {
			List<Place> places = new ArrayList<>();
			List<SqlStatement> statements = this.section.statements();
			List<Boolean> joined = new Diagnostics(this.database.syntax(), statements).joined();
			boolean transactional = Migration.isTransactional(this.section);
			SessionTracker tracker = new SessionTracker(this.database);
			for (SqlStatement statement : statements) {
				Place place = new Place(statement);
				places.add(place);
				boolean open = tracker.isTransactionOpen();
				place.inTransactionOfFile = !transactional && open;
				place.joined = isJoined(joined, places, transactional || open);
				boolean inTransaction = transactional || open;
				boolean commits = tracker.mayCommit(statement) && !isRollback(statement)
						&& !(transactional && this.database.has(Capability.TRANSACTIONAL_DDL));
				// Before it the transaction has to be open, as it is for dbmate.
				boolean opens = transactional && statement.kind() == Kind.DATA
						&& Diagnostics.isAboutTransactions(this.database.syntax(), statement);
				place.mayLast = !inTransaction || commits || opens;
				if (place.mayLast && !tracker.isOpen()) {
					begin(places, inTransaction);
				}
				place.undone = inTransaction && !commits && !isPreparation(statement) && !tracker.isOpen()
						&& !tracker.isUncertain();
				tracker.after(statement);
			}
			places.forEach((place) -> place.lasts = lasts(place));
			return places;
		}

		/**
		 * What the next transaction is to be like must not be said any more when one is
		 * open.
		 */
		private static boolean isJoined(List<Boolean> joined, List<Place> places, boolean inTransaction) {
			int index = places.size() - 1;
			boolean setting = index > 0 && places.get(index - 1).statement.kind() == Kind.TRANSACTION_SETTING;
			return index > 0 && joined.get(index) && !(setting && inTransaction);
		}

		/**
		 * Begin a step where the statements begin that follow each other at once.
		 */
		private static void begin(List<Place> places, boolean inTransaction) {
			int index = places.size() - 1;
			SqlStatement statement = places.get(index).statement;
			while (places.get(index).joined) {
				index--;
			}
			Place head = places.get(index);
			if (!head.begins) {
				head.begins = true;
				head.intended = inTransaction ? statement : head.statement;
			}
		}

		private boolean lasts(Place place) {
			SqlStatement statement = place.statement;
			if (place.undone) {
				return false;
			}
			if (place.inTransactionOfFile && place.mayLast && !place.begins) {
				// It commits what was done before it in its step.
				return true;
			}
			return !leavesNothing(statement);
		}

		/**
		 * Return whether the statement cannot have left anything: a setting of the
		 * session; a transaction's beginning; a transaction's end, which the journal
		 * knows of only if it has happened.
		 */
		private boolean leavesNothing(SqlStatement statement) {
			if (statement.kind() == Kind.TRANSACTION_CONTROL) {
				return !SessionTracker.isPrepared(statement) && !isPreparation(statement)
						&& !statement.startsWith("XA");
			}
			return statement.kind() == Kind.TRANSACTION_SETTING
					|| (this.database.syntax() == SqlSyntax.SQLITE && statement.startsWith("SAVEPOINT"))
					|| new SessionEffects(this.database.syntax()).isSetting(statement);
		}

		private static boolean isRollback(SqlStatement statement) {
			return statement.kind() == Kind.TRANSACTION_CONTROL
					&& (statement.startsWith("ROLLBACK") || statement.startsWith("ABORT"));
		}

		private static boolean isPreparation(SqlStatement statement) {
			return statement.kind() == Kind.TRANSACTION_CONTROL && statement.startsWith("PREPARE");
		}

	}

}
