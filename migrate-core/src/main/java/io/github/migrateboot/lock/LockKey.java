package io.github.migrateboot.lock;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;

import io.github.migrateboot.database.TableName;

/**
 * What tells one lock of a server from another.
 * <p>
 * The identity is the text {@code table\n<database>\n<schema>\n<history table>}, or
 * {@code name\n<name>} where a name is configured. Its SHA-256 over UTF-8 gives the
 * number or the name that the server sees. Instances of different releases wait for each
 * other only as long as this stays as it is. The schema is the one that is configured or
 * that the connection names, and never one that a migration may change: see
 * {@link TableName#searched()}.
 *
 * @param identity the text
 */
record LockKey(String identity) {

	/**
	 * Stands for a schema that was found on a search path which nobody has named. It may
	 * be another one for the next instance, because a migration has created a schema or
	 * changed the path meanwhile; those two must exclude each other all the same. It is
	 * the schema that is found most often, so that who names that one waits, too.
	 */
	private static final String WHEREVER = "public";

	static LockKey of(LockRequest request) {
		if (request.name() != null) {
			return new LockKey("name\n" + request.name());
		}
		String schema = request.table().searched() ? WHEREVER
				: Objects.requireNonNullElse(request.table().schema(), "");
		return new LockKey(
				String.join("\n", "table", request.server().destination().database(), schema, request.table().name()));
	}

	/**
	 * Return the first eight bytes of the hash.
	 */
	long toLong() {
		return ByteBuffer.wrap(hash(this.identity)).getLong();
	}

	/**
	 * Return {@code migrate:} and the first 24 bytes of the hash: 56 characters, none of
	 * which is a capital. Databases and tables that differ only in case share a name,
	 * because on some file systems they are the same.
	 */
	String toName() {
		byte[] hash = hash(this.identity.toLowerCase(Locale.ROOT));
		return "migrate:" + HexFormat.of().formatHex(hash, 0, 24);
	}

	private static byte[] hash(String text) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
