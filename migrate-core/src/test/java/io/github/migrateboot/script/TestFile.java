package io.github.migrateboot.script;

import java.nio.charset.StandardCharsets;

/**
 * A migration file in memory.
 */
record TestFile(byte[] content) implements MigrationFile {

	static final String DESCRIPTION = "class path resource [db/migrations/1_test.sql]";

	static TestFile of(String content) {
		return new TestFile(content.getBytes(StandardCharsets.UTF_8));
	}

	@Override
	public String version() {
		return "1";
	}

	@Override
	public String name() {
		return "1_test.sql";
	}

	@Override
	public String description() {
		return DESCRIPTION;
	}

	@Override
	public byte[] read() {
		return this.content;
	}

}
