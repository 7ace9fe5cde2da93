package io.github.migrateboot.engine.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.migrateboot.history.Recording;
import io.github.migrateboot.script.MigrationFile;
import io.github.migrateboot.script.Script;
import io.github.migrateboot.script.Script.Section;
import io.github.migrateboot.script.SqlStatement;
import io.github.migrateboot.script.SqlStatement.Kind;

/**
 * A migration that is to be applied, or rolled back.
 *
 * @param file its file
 * @param script the blocks of the file that are to be run
 * @param direction whether these are its up or its down blocks
 */
public record Migration(MigrationFile file, Script script, Direction direction) {

	/** None of which can lock tables for longer, or lead to another schema. */
	private static final Set<String> PLAIN = Set.of("CREATE TABLE", "CREATE INDEX", "CREATE UNIQUE INDEX",
			"ALTER TABLE", "DROP TABLE", "DROP INDEX", "RENAME TABLE", "TRUNCATE TABLE", "INSERT", "UPDATE", "DELETE",
			"REPLACE");

	private static final int HASH_LENGTH = 16;

	public String version() {
		return this.file.version();
	}

	public List<SqlStatement> statements() {
		return this.script.sections().stream().flatMap((section) -> section.statements().stream()).toList();
	}

	public boolean isTransactional() {
		return this.script.sections().stream().allMatch(Migration::isTransactional);
	}

	public static boolean isTransactional(Section section) {
		return section.transactional() && !controlsTransaction(section);
	}

	public static boolean controlsTransaction(Section section) {
		return section.statements().stream().anyMatch((statement) -> statement.kind() == Kind.TRANSACTION_CONTROL);
	}

	/**
	 * Return whether a statement may commit the transaction it runs in, so that the
	 * journal has to say before what is started. What only changes data does not, and is
	 * not journalled one by one.
	 */
	public static boolean mayCommit(SqlStatement statement) {
		return switch (statement.kind()) {
			case DATA -> statement.startsWith("CALL");
			case TRANSACTION_SETTING -> false;
			case TRANSACTION_CONTROL, ORDINARY -> true;
		};
	}

	/**
	 * Return whether all statements only create, alter, drop and fill tables and indexes.
	 */
	public boolean isPlain() {
		return statements().stream().allMatch((statement) -> statement.startsWithAny(PLAIN));
	}

	public Recording recording(String instance) {
		List<SqlStatement> statements = statements();
		String hashes = statements.stream().map(Migration::hash).collect(Collectors.joining(" "));
		return new Recording(version(), this.file.name(), this.script.checksum(), statements.size(), hashes, instance);
	}

	public static String hash(SqlStatement statement) {
		// A checkout on another system may have other line ends.
		String text = (statement.text() + Objects.requireNonNullElse(statement.data(), "")).replace("\r\n", "\n");
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	@Override
	public String toString() {
		return (isDown() ? "the rollback of " : "") + this.file.name();
	}

	public boolean isDown() {
		return this.direction == Direction.DOWN;
	}

}
