package io.github.migrateboot.test;

import io.github.migrateboot.script.SqlSyntax;

/**
 * Which syntax the files of a database have.
 */
final class Syntaxes {

	private Syntaxes() {
	}

	static SqlSyntax of(String vendor) {
		return switch (vendor) {
			case "postgresql" -> SqlSyntax.POSTGRESQL;
			case "mysql", "mariadb" -> SqlSyntax.MYSQL;
			case "sqlite" -> SqlSyntax.SQLITE;
			case "h2" -> SqlSyntax.H2;
			default -> throw new IllegalArgumentException(
					"'" + vendor + "' is none of postgresql, mysql, mariadb, sqlite and h2");
		};
	}

}
