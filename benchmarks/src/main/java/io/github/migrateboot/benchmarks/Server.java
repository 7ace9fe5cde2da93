package io.github.migrateboot.benchmarks;

import java.util.List;

/**
 * The databases that are measured, and their client programs.
 */
enum Server {

	POSTGRES("PostgreSQL", "psql"),

	MYSQL("MySQL", "mysql"),

	MARIADB("MariaDB", "mariadb"),

	SQLITE("SQLite", "sqlite3");

	private final String product;

	private final String client;

	Server(String product, String client) {
		this.product = product;
		this.client = client;
	}

	String product() {
		return this.product;
	}

	String client() {
		return this.client;
	}

	/**
	 * Return what can be set at the server. SQLite has no server: each session decides by
	 * itself.
	 */
	List<Durability> durabilities() {
		return (this == SQLITE) ? List.of(Durability.DURABLE) : List.of(Durability.values());
	}

	/**
	 * Whether a commit waits for the disk.
	 */
	enum Durability {

		/** It does, as it should. */
		DURABLE("", ""),

		/** It does not, so that a slow disk can't hide what else takes time. */
		RELAXED("-relaxed", ", commits don't wait for the disk");

		private final String suffix;

		private final String words;

		Durability(String suffix, String words) {
			this.suffix = suffix;
			this.words = words;
		}

		/**
		 * Return the name of a series that was measured like this.
		 */
		String series(String name) {
			return name + this.suffix;
		}

		String title(String title) {
			return title + this.words;
		}

	}

}
