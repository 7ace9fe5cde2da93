package io.github.migrateboot.benchmarks;

import java.util.Locale;

/**
 * What is compared.
 */
enum Tool {

	MIGRATE, FLYWAY, LIQUIBASE, DBMATE, CLIENT;

	String key() {
		return name().toLowerCase(Locale.ROOT);
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
	boolean isAvailable(Server server) {
		return switch (this) {
			case MIGRATE -> true;
			case FLYWAY, LIQUIBASE -> server == Server.POSTGRES;
			case DBMATE -> Client.isOnPath("dbmate");
			case CLIENT -> Client.isOnPath(server.client());
		};
	}

}
