package io.github.migrateboot.engine.apply;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.github.migrateboot.database.PostgreSqlFlush;
import io.github.migrateboot.engine.plan.Migration;
import io.github.migrateboot.script.SqlStatement;

/**
 * Migrations, in order, that are sent to PostgreSQL at once, each as a transaction of its
 * own. The server executes them as if each had been waited for, and skips all that come
 * after a statement that fails.
 * <p>
 * A migration may be one of several if the server does the same whether the others are
 * sent with it or after it: it is one transaction, whose statements create, alter, drop
 * and fill things and return no rows. It must also be small enough, because nothing is
 * read before all of them are sent; see {@link BatchSplitter}. Any other is alone.
 */
final class TransactionGroup {

	private static final Set<String> PLAIN = Set.of("ALTER DOMAIN", "ALTER INDEX", "ALTER SEQUENCE", "ALTER TABLE",
			"ALTER TYPE", "ALTER VIEW", "COMMENT ON", "CREATE DOMAIN", "CREATE FUNCTION", "CREATE INDEX",
			"CREATE OR REPLACE", "CREATE SCHEMA", "CREATE SEQUENCE", "CREATE TABLE", "CREATE TRIGGER", "CREATE TYPE",
			"CREATE UNIQUE INDEX", "CREATE VIEW", "DELETE", "DROP DOMAIN", "DROP FUNCTION", "DROP INDEX",
			"DROP SEQUENCE", "DROP TABLE", "DROP TRIGGER", "DROP TYPE", "DROP VIEW", "GRANT", "INSERT", "REVOKE",
			"TRUNCATE", "UPDATE");

	/** With the second of them it is told that the one before is committed. */
	private static final List<BatchEntry> BEGIN = List.of(BatchEntry.ours("BEGIN"),
			BatchEntry.ours(PostgreSqlFlush.STATEMENT));

	private static final BatchEntry COMMIT = BatchEntry.ours("COMMIT");

	private final List<MigrationTransaction> transactions = new ArrayList<>();

	private final List<BatchEntry> entries = new ArrayList<>();

	private final List<Integer> ends = new ArrayList<>();

	private int bytes;

	TransactionGroup(MigrationTransaction first) {
		append(first, bytes(first.steps()));
	}

	/**
	 * Return whether a migration may be sent with others.
	 */
	static boolean mayShare(Migration migration) {
		List<SqlStatement> statements = migration.statements();
		return migration.isTransactional() && statements.stream()
			.mapToLong((statement) -> statement.text().length())
			.sum() < BatchSplitter.MAX_BYTES && statements.stream().allMatch(TransactionGroup::mayShare);
	}

	private static boolean mayShare(SqlStatement statement) {
		BatchEntry entry = BatchEntry.of(statement);
		return statement.startsWithAny(PLAIN) && !entry.isAlone() && !entry.mayReturnRows();
	}

	/**
	 * Add a migration that may share, if there is room for it.
	 * @return whether there was
	 */
	boolean add(MigrationTransaction next) {
		int more = bytes(next.steps());
		if (this.bytes + more > BatchSplitter.MAX_BYTES
				|| this.entries.size() + BEGIN.size() + next.steps().size() + 1 > BatchSplitter.MAX_ENTRIES) {
			return false;
		}
		this.entries.addAll(BEGIN);
		append(next, more);
		return true;
	}

	private void append(MigrationTransaction transaction, int more) {
		this.transactions.add(transaction);
		this.entries.addAll(transaction.steps());
		this.entries.add(COMMIT);
		this.ends.add(this.entries.size());
		this.bytes += more;
	}

	private static int bytes(List<BatchEntry> steps) {
		return Stream.of(BEGIN, steps, List.of(COMMIT)).flatMap(List::stream).mapToInt(BatchSplitter::size).sum();
	}

	int size() {
		return this.transactions.size();
	}

	MigrationTransaction last() {
		return this.transactions.get(this.transactions.size() - 1);
	}

	boolean beginsWith(Migration migration) {
		return this.transactions.get(0).version().equals(migration.version());
	}

	List<MigrationTransaction> transactions() {
		return Collections.unmodifiableList(this.transactions);
	}

	/**
	 * Return all that is sent, without the first beginning.
	 */
	List<BatchEntry> entries() {
		return Collections.unmodifiableList(this.entries);
	}

	/**
	 * Return whether a transaction has just been committed when so many entries are
	 * executed.
	 */
	boolean isEnd(int executed) {
		return Collections.binarySearch(this.ends, executed) >= 0;
	}

	/**
	 * Return how many transactions are committed when so many entries are executed.
	 */
	int committed(int executed) {
		int found = Collections.binarySearch(this.ends, executed);
		return (found >= 0) ? found + 1 : -found - 1;
	}

	/**
	 * Return which step of its transaction an entry is.
	 * @return the index, from 0; less for the beginning, as many as there are for the
	 * commit
	 */
	int step(int entry) {
		int number = committed(entry);
		return (number == 0) ? entry : entry - this.ends.get(number - 1) - BEGIN.size();
	}

}
