package io.github.migrateboot.benchmarks;

import io.github.migrateboot.testing.TestServer;

/**
 * What is compared.
 */
enum Tool {

	MIGRATE, FLYWAY, LIQUIBASE, DBMATE, CLIENT;

	/** The key of what is measured without any tool. */
	static final String NOTHING = "none";

	String key() {
		return name().toLowerCase(java.util.Locale.ROOT);
	}

	JvmTool inJvm() {
		return JvmTool.valueOf(name());
	}

	boolean isInJvm() {
		return this == MIGRATE || this == FLYWAY || this == LIQUIBASE;
	}

	boolean isSlow() {
		return this == FLYWAY || this == LIQUIBASE;
	}

	/**
	 * Return whether the tool can be had here, and knows the server.
	 */
	boolean isAvailable(TestServer server) {
		return switch (this) {
			case MIGRATE -> true;
			case FLYWAY, LIQUIBASE -> server == TestServer.POSTGRES_EMBEDDED;
			case DBMATE -> Client.isOnPath("dbmate");
			case CLIENT -> Client.isOnPath(Client.program(server));
		};
	}

}
