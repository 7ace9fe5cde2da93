package io.github.migrateboot.test.lint;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.database.ServerMessage;

/**
 * A message by which PostgreSQL says, at the level {@code debug1}, that it reads through
 * a table.
 *
 * @param work what it does
 * @param name the table or constraint that is concerned, without a schema
 * @param index the index that is built, or empty
 */
record DebugMessage(Work work, String name, String index) {

	/** The text alone could be a {@code RAISE DEBUG} of a function. */
	private static final Map<ServerMessage.Source, Map<Pattern, Work>> KNOWN = Map.of(
			new ServerMessage.Source("tablecmds.c", "ATRewriteTable"),
			Map.of(Pattern.compile("rewriting table \"(?<name>.+)\""), Work.REWRITES,
					Pattern.compile("verifying table \"(?<name>.+)\""), Work.VERIFIES),
			new ServerMessage.Source("tablecmds.c", "validateForeignKeyConstraint"),
			Map.of(Pattern.compile("validating foreign key constraint \"(?<name>.+)\""), Work.VALIDATES),
			new ServerMessage.Source("index.c", "index_build"),
			Map.of(Pattern
				.compile("building index \"(?<index>.+)\" on table \"(?<name>.+)\" (serially|with request.*)"),
					Work.BUILDS));

	static Optional<DebugMessage> of(ServerMessage message) {
		ServerMessage.Source source = message.source();
		if (source == null) {
			return Optional.empty();
		}
		for (Map.Entry<Pattern, Work> known : KNOWN.getOrDefault(source, Map.of()).entrySet()) {
			Matcher matcher = known.getKey().matcher(message.text());
			if (matcher.matches()) {
				boolean builds = known.getValue() == Work.BUILDS;
				return Optional.of(new DebugMessage(known.getValue(), matcher.group("name"),
						builds ? matcher.group("index") : ""));
			}
		}
		return Optional.empty();
	}

	/**
	 * What the server does.
	 */
	enum Work {

		/** Writes a table anew. */
		REWRITES,

		/** Checks all rows of a table. */
		VERIFIES,

		/** Checks a foreign key. */
		VALIDATES,

		/** Builds an index. */
		BUILDS

	}

}
