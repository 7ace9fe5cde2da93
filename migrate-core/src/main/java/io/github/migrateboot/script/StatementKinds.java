package io.github.migrateboot.script;

import java.util.List;
import java.util.Set;

import io.github.migrateboot.script.SqlStatement.Kind;

/**
 * Tells a statement's kind by the words with which it begins.
 */
final class StatementKinds {

	private static final int WORDS = 8;

	/**
	 * A {@code SET} of several variables is read as far as this.
	 */
	private static final int WORDS_OF_SET = 200;

	private static final Set<String> DATA = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "WITH",
			"VALUES", "TABLE", "CALL", "DO", "SET", "SAVEPOINT", "RELEASE", "EXPLAIN", "SHOW", "(");

	private static final Set<String> MYSQL_DATA = Set.of("DESCRIBE", "DESC", "USE", "HANDLER", "PREPARE", "DEALLOCATE",
			"GET", "SIGNAL", "RESIGNAL");

	/** Anything else begins a block. */
	private static final Set<String> MYSQL_AFTER_BEGIN = Set.of("", "WORK", "TRANSACTION");

	private static final Set<String> POSTGRES_DATA = Set.of("COPY", "RESET", "NOTIFY", "FETCH", "EXECUTE", "PREPARE",
			"DEALLOCATE", "LOCK");

	private static final Set<String> POSTGRES_TRANSACTION_SETTINGS = Set.of("TRANSACTION", "TRANSACTION_ISOLATION",
			"TRANSACTION_READ_ONLY", "TRANSACTION_DEFERRABLE");

	/**
	 * What H2 sets without a commit, see {@code isTransactional()} of its {@code SET}
	 * command.
	 */
	private static final Set<String> H2_TRANSACTIONAL_SETTINGS = Set.of("@", "QUERY_TIMEOUT", "LOCK_TIMEOUT", "SCHEMA",
			"SCHEMA_SEARCH_PATH", "CATALOG", "TIME", "NON_KEYWORDS", "LAZY_QUERY_EXECUTION", "TRACE_LEVEL_FILE",
			"TRACE_LEVEL_SYSTEM_OUT", "THROTTLE", "RETENTION_TIME", "VARIABLE_BINARY", "TRUNCATE_LARGE_LENGTH",
			"WRITE_DELAY");

	private final SqlSyntax syntax;

	StatementKinds(SqlSyntax syntax) {
		this.syntax = syntax;
	}

	Kind of(String statement) {
		List<String> words = new LeadingWords(statement).read(WORDS);
		String first = word(words, 0);
		if ("SET".equals(first)) {
			return ofSet(words, statement);
		}
		if (isTransactionControl(first, words)) {
			return Kind.TRANSACTION_CONTROL;
		}
		return isData(first, words) ? Kind.DATA : Kind.ORDINARY;
	}

	private boolean isTransactionControl(String first, List<String> words) {
		String second = word(words, 1);
		return switch (first) {
			case "BEGIN" -> !is(SqlSyntax.MYSQL) || MYSQL_AFTER_BEGIN.contains(second);
			case "COMMIT" -> true;
			case "START" -> "TRANSACTION".equals(second);
			case "ROLLBACK" -> !isRollbackToSavepoint(words);
			case "END" -> is(SqlSyntax.POSTGRESQL) || is(SqlSyntax.SQLITE);
			case "ABORT" -> is(SqlSyntax.POSTGRESQL);
			case "PREPARE" -> (is(SqlSyntax.POSTGRESQL) && "TRANSACTION".equals(second))
					|| (is(SqlSyntax.H2) && "COMMIT".equals(second));
			case "XA" -> is(SqlSyntax.MYSQL);
			default -> false;
		};
	}

	private boolean isRollbackToSavepoint(List<String> words) {
		boolean noise = "WORK".equals(word(words, 1)) || "TRANSACTION".equals(word(words, 1));
		return "TO".equals(word(words, noise ? 2 : 1));
	}

	private boolean isData(String first, List<String> words) {
		if (DATA.contains(first) || ("ROLLBACK".equals(first) && isRollbackToSavepoint(words))) {
			return true;
		}
		return switch (this.syntax) {
			case POSTGRESQL -> POSTGRES_DATA.contains(first);
			case MYSQL -> MYSQL_DATA.contains(first) || isMysqlDataByMoreWords(first, words);
			case SQLITE, H2 -> false;
		};
	}

	private static boolean isMysqlDataByMoreWords(String first, List<String> words) {
		int kind = "OR".equals(word(words, 1)) ? 3 : 1;
		return switch (first) {
			case "LOAD" -> "DATA".equals(word(words, 1)) || "XML".equals(word(words, 1));
			case "CREATE", "DROP" -> "TEMPORARY".equals(word(words, kind)) && "TABLE".equals(word(words, kind + 1));
			default -> false;
		};
	}

	private Kind ofSet(List<String> words, String statement) {
		String second = word(words, 1);
		boolean scoped = "LOCAL".equals(second) || "SESSION".equals(second);
		return switch (this.syntax) {
			case POSTGRESQL -> POSTGRES_TRANSACTION_SETTINGS.contains(word(words, scoped ? 2 : 1))
					? Kind.TRANSACTION_SETTING : Kind.DATA;
			case MYSQL -> ofMysqlSet(second, statement);
			case H2 -> ofH2Set(second);
			case SQLITE -> Kind.ORDINARY;
		};
	}

	private Kind ofMysqlSet(String second, String statement) {
		if ("TRANSACTION".equals(second)) {
			return Kind.TRANSACTION_SETTING;
		}
		if (setsAutocommit(statement)) {
			return Kind.TRANSACTION_CONTROL;
		}
		boolean mayCommit = "PASSWORD".equals(second) || "DEFAULT".equals(second) || "STATEMENT".equals(second);
		return mayCommit ? Kind.ORDINARY : Kind.DATA;
	}

	private boolean setsAutocommit(String statement) {
		Lexer lexer = this.syntax.lexer(statement);
		int words = 0;
		while (lexer.next() && words < WORDS_OF_SET) {
			if (lexer.type() == Lexer.Type.WORD) {
				words++;
				if ("AUTOCOMMIT".equals(lexer.word())) {
					return true;
				}
			}
		}
		return false;
	}

	private static Kind ofH2Set(String second) {
		if ("AUTOCOMMIT".equals(second)) {
			return Kind.TRANSACTION_CONTROL;
		}
		return H2_TRANSACTIONAL_SETTINGS.contains(second) ? Kind.DATA : Kind.ORDINARY;
	}

	private boolean is(SqlSyntax other) {
		return this.syntax == other;
	}

	private static String word(List<String> words, int index) {
		return (index < words.size()) ? words.get(index) : "";
	}

}
