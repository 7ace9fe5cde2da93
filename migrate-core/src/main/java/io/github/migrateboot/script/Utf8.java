package io.github.migrateboot.script;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

import io.github.migrateboot.failure.MalformedMigrationException;

/**
 * Reads a file's bytes as UTF-8, strictly.
 */
final class Utf8 {

	private static final String SAVE_AS_UTF8 = "Save the file as UTF-8 without a byte order mark.";

	/** What stands for bytes that are not UTF-8, and may also be meant. */
	private static final char REPLACEMENT = '\ufffd';

	private final String file;

	Utf8(String file) {
		this.file = file;
	}

	String decode(byte[] content) {
		refuseByteOrderMark(content);
		String text = new String(content, StandardCharsets.UTF_8);
		if (text.indexOf(REPLACEMENT) < 0) {
			return text;
		}
		ByteBuffer bytes = ByteBuffer.wrap(content);
		CharBuffer characters = CharBuffer.allocate(content.length);
		CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
			.onMalformedInput(CodingErrorAction.REPORT)
			.onUnmappableCharacter(CodingErrorAction.REPORT);
		CoderResult result = decoder.decode(bytes, characters, true);
		if (result.isError()) {
			throw invalid(content, bytes.position());
		}
		return characters.flip().toString();
	}

	private void refuseByteOrderMark(byte[] content) {
		if (startsWith(content, 0xef, 0xbb, 0xbf)) {
			throw new MalformedMigrationException(
					"%s, line 1: the file begins with a UTF-8 byte order mark (bytes EF BB BF), behind which no directive is found."
						.formatted(this.file),
					SAVE_AS_UTF8);
		}
		if (startsWith(content, 0xff, 0xfe) || startsWith(content, 0xfe, 0xff)) {
			throw new MalformedMigrationException(
					"%s, line 1: the file begins with a UTF-16 byte order mark, so it is not UTF-8."
						.formatted(this.file),
					SAVE_AS_UTF8);
		}
	}

	private static boolean startsWith(byte[] content, int... prefix) {
		for (int i = 0; i < prefix.length; i++) {
			if (i >= content.length || Byte.toUnsignedInt(content[i]) != prefix[i]) {
				return false;
			}
		}
		return true;
	}

	private MalformedMigrationException invalid(byte[] content, int offset) {
		int line = 1;
		for (int i = 0; i < offset; i++) {
			line += (content[i] == '\n') ? 1 : 0;
		}
		return new MalformedMigrationException(
				"%s, line %s: the file is not valid UTF-8 at byte offset %s (counted from 0), where the byte is %02X."
					.formatted(this.file, line, offset, content[offset]),
				"Save the file as UTF-8. If the byte is meant, write it in the database's own notation, for example as a hexadecimal literal.");
	}

}
