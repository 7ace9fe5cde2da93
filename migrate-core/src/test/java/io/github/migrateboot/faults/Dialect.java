package io.github.migrateboot.faults;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * How a database words what a campaign needs.
 */
enum Dialect {

	POSTGRES {

		@Override
		List<String> setup() {
			return List.of("create table big (a varchar(40), b integer)",
					"insert into big select 'row ' || g, g from generate_series(1, 4) g",
					"create function late(text, double precision) returns text language plpgsql immutable as"
							+ " 'begin perform pg_sleep($2); return $1; end'",
					"create function touch(text, integer) returns integer language plpgsql as"
							+ " 'begin insert into rows10 values ($1, $2); return $2; end'",
					"do 'begin create role campaign; exception when duplicate_object then null; end'",
					"grant all on all tables in schema public to campaign",
					"grant create on schema public to campaign");
		}

		@Override
		String query(String effect) {
			return "SELECT touch('" + effect + "', i) FROM ten";
		}

		@Override
		String notices(String effect) {
			return "DO $$ BEGIN FOR i IN 1..1000 LOOP RAISE NOTICE 'notice % of " + effect + "', i; END LOOP;"
					+ " RAISE WARNING 'the warning of " + effect + "'; INSERT INTO marks VALUES ('" + effect
					+ "'); END $$";
		}

		@Override
		List<String> begin() {
			return List.of("BEGIN", "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
		}

		@Override
		String isolated(String effect) {
			return "INSERT INTO marks SELECT '" + effect
					+ "' WHERE current_setting('transaction_isolation') = 'repeatable read'";
		}

		@Override
		List<String> roles(boolean transaction) {
			return transaction
					? List.of("SET ROLE campaign", "SET LOCAL ROLE campaign",
							"SET LOCAL SESSION AUTHORIZATION campaign", "SELECT set_config('role', 'campaign', true)")
					: List.of("SET ROLE campaign", "SET SESSION ROLE campaign",
							"SELECT set_config('role', 'campaign', false)");
		}

		@Override
		String lateMark(String effect, int millis) {
			return "INSERT INTO marks SELECT '" + effect + "' FROM pg_sleep(" + seconds(millis) + ")";
		}

		@Override
		String index(String effect) {
			return "CREATE INDEX ON x_" + effect + " (a)";
		}

		@Override
		String concurrentIndex(String effect, int millis) {
			return "CREATE INDEX CONCURRENTLY i_" + effect + " ON big (late(a, " + seconds(millis / 4) + "))";
		}

		@Override
		String effectsOfDdl() {
			return " UNION ALL SELECT substr(c.relname, 3), 1 FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid"
					+ " WHERE c.relname LIKE 't\\_%' OR c.relname LIKE 'i\\_%' AND i.indisvalid"
					+ " UNION ALL SELECT substr(tablename, 3), count(*) FROM pg_indexes WHERE tablename LIKE 'x\\_%'"
					+ " GROUP BY tablename";
		}

		@Override
		String sessions() {
			return "SELECT a.pid FROM pg_stat_activity a LEFT JOIN pg_locks l ON l.pid = a.pid AND l.locktype = 'advisory'"
					+ " AND l.granted WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() ORDER BY l.pid,"
					+ " a.pid";
		}

		@Override
		String endSession(String id) {
			return "SELECT pg_terminate_backend(" + id + ")";
		}

		@Override
		String busy() {
			return "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
					+ " AND state <> 'idle'";
		}

		@Override
		List<String> block() {
			return List.of("begin", "set local lock_timeout = '2s'", "lock table marks in access exclusive mode",
					"rollback");
		}

	},

	MYSQL {

		@Override
		List<String> block() {
			return List.of("SET lock_wait_timeout = 2", "LOCK TABLES marks WRITE", "UNLOCK TABLES");
		}

		@Override
		List<String> functions() {
			return List
				.of("CREATE FUNCTION touch(e varchar(40), i integer) RETURNS integer DETERMINISTIC MODIFIES SQL DATA"
						+ " BEGIN INSERT INTO rows10 VALUES (e, i); RETURN i; END");
		}

		@Override
		String query(String effect) {
			return "SELECT touch('" + effect + "', i) FROM ten";
		}

		@Override
		String notices(String effect) {
			return "INSERT IGNORE INTO marks SELECT '" + effect + "' FROM DUAL WHERE 'x' + 0 = 0";
		}

		@Override
		String changedRows() {
			return "ROW_COUNT()";
		}

		@Override
		List<String> begin() {
			return List.of("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "START TRANSACTION");
		}

		@Override
		String lateMark(String effect, int millis) {
			return "INSERT INTO marks SELECT '" + effect + "' FROM DUAL WHERE SLEEP(" + seconds(millis) + ") = 0";
		}

		@Override
		String index(String effect) {
			return "ALTER TABLE x_" + effect + " ADD INDEX (a)";
		}

		@Override
		String effectsOfDdl() {
			return " UNION ALL SELECT substr(table_name, 3), 1 FROM information_schema.tables WHERE table_schema = database()"
					+ " AND table_name LIKE 't\\_%' UNION ALL SELECT substr(table_name, 3), count(*) FROM"
					+ " information_schema.statistics WHERE table_schema = database() AND table_name LIKE 'x\\_%'"
					+ " GROUP BY table_name";
		}

		@Override
		String sessions() {
			return "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()"
					+ " ORDER BY (info IS NULL OR info LIKE '%GET_LOCK%'), id";
		}

		@Override
		String endSession(String id) {
			return "KILL " + id;
		}

		@Override
		String busy() {
			return "SELECT count(*) FROM information_schema.processlist WHERE db = database() AND id <> connection_id()"
					+ " AND command <> 'Sleep'";
		}

	},

	SQLITE {

		@Override
		String query(String effect) {
			return "INSERT INTO rows10 SELECT '" + effect + "', i FROM ten RETURNING i";
		}

		@Override
		String changedRows() {
			return "changes()";
		}

		@Override
		String lateMark(String effect, int millis) {
			// There is nothing that sleeps
			return "INSERT INTO marks WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
					+ millis * 2000 + ") SELECT '" + effect + "' FROM n WHERE i = 1";
		}

		@Override
		String effectsOfDdl() {
			return " UNION ALL SELECT substr(name, 3), 1 FROM sqlite_master WHERE name LIKE 't\\_%' ESCAPE '\\'";
		}

	},

	H2 {

		@Override
		List<String> setup() {
			return List.of("CREATE ALIAS LATE FOR '" + H2Functions.class.getName() + ".late'");
		}

		@Override
		String query(String effect) {
			return "SELECT i FROM FINAL TABLE (INSERT INTO rows10 SELECT '" + effect + "', i FROM ten)";
		}

		@Override
		String lateMark(String effect, int millis) {
			return "INSERT INTO marks VALUES (LATE('" + effect + "', " + millis + "))";
		}

		@Override
		String index(String effect) {
			return "CREATE INDEX ON x_" + effect + " (a)";
		}

		@Override
		String effectsOfDdl() {
			return " UNION ALL SELECT lower(substr(table_name, 3)), 1 FROM information_schema.tables"
					+ " WHERE table_name LIKE 'T\\_%' UNION ALL SELECT lower(substr(table_name, 3)), count(*) FROM"
					+ " information_schema.indexes WHERE table_name LIKE 'X\\_%' GROUP BY table_name";
		}

		@Override
		String sessions() {
			return "SELECT session_id FROM information_schema.sessions WHERE client_addr IS NOT NULL"
					+ " ORDER BY executing_statement IS NULL, session_id";
		}

		@Override
		String endSession(String id) {
			return "CALL ABORT_SESSION(" + id + ")";
		}

		@Override
		String busy() {
			return "SELECT count(*) FROM information_schema.sessions WHERE client_addr IS NOT NULL"
					+ " AND executing_statement IS NOT NULL";
		}

	};

	/**
	 * Return what a database has before its migrations.
	 */
	List<String> setup() {
		return List.of();
	}

	/**
	 * Return what a database has only if all its tables have transactions.
	 */
	List<String> functions() {
		return List.of();
	}

	/**
	 * Return a query of ten rows, each of which leaves something.
	 */
	abstract String query(String effect);

	/**
	 * Return a statement with notices or warnings.
	 */
	@Nullable String notices(String effect) {
		return null;
	}

	/**
	 * Return how many rows the statement before has changed.
	 */
	@Nullable String changedRows() {
		return null;
	}

	/**
	 * Return what begins a transaction.
	 */
	List<String> begin() {
		return List.of("BEGIN");
	}

	/**
	 * Return a statement that leaves a mark only in a transaction that began as
	 * {@link #begin()} says.
	 */
	@Nullable String isolated(String effect) {
		return null;
	}

	/**
	 * Return statements that take a role which may not touch our tables.
	 * @param transaction whether they stand in a transaction
	 */
	List<String> roles(boolean transaction) {
		return List.of();
	}

	/**
	 * Return a statement that takes its time and then leaves a mark.
	 */
	abstract String lateMark(String effect, int millis);

	/**
	 * Return a statement that makes an index without a name, one more each time.
	 */
	@Nullable String index(String effect) {
		return null;
	}

	@Nullable String concurrentIndex(String effect, int millis) {
		return null;
	}

	/**
	 * Return the query for each effect and how often it is there.
	 */
	final String effects() {
		return "SELECT effect, count(*) FROM marks GROUP BY effect UNION ALL SELECT effect, n FROM counters WHERE n > 0"
				+ " UNION ALL SELECT effect, count(*) FROM untransacted GROUP BY effect"
				// Ten of them are one effect, and what isn't whole is none that is
				// expected
				+ " UNION ALL SELECT effect, CASE count(*) % 10 WHEN 0 THEN count(*) / 10 ELSE 1000 + count(*) END"
				+ " FROM rows10 GROUP BY effect" + effectsOfDdl();
	}

	abstract String effectsOfDdl();

	/**
	 * Return the query for the sessions of others in the current database, the busiest
	 * first.
	 */
	@Nullable String sessions() {
		return null;
	}

	String endSession(String id) {
		throw new UnsupportedOperationException();
	}

	/**
	 * Return what asks for a table that a migration may have locked.
	 */
	List<String> block() {
		return List.of();
	}

	/**
	 * Return the query for how many of the sessions are doing something.
	 */
	@Nullable String busy() {
		return null;
	}

	private static String seconds(int millis) {
		return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
	}

}
