package io.github.migrateboot.safety;

import java.util.List;
import java.util.stream.Stream;

/**
 * The rules that conclude from the words of statements.
 */
public final class TextRules {

	private TextRules() {
	}

	/**
	 * Return the rules for a database.
	 * @param database its id, for example {@code postgresql}
	 * @return the rules
	 */
	public static List<TextRule> of(String database) {
		List<TextRule> own = switch (database) {
			case "postgresql" -> PostgreSqlTextRules.RULES;
			case "mysql", "mariadb" -> MySqlTextRules.RULES;
			default -> List.of();
		};
		return Stream.concat(ContractTextRules.RULES.stream(), own.stream()).toList();
	}

}
