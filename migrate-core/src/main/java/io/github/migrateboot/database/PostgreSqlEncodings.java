package io.github.migrateboot.database;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;

/**
 * The encodings of PostgreSQL's databases, as Java calls them.
 */
final class PostgreSqlEncodings {

	/** Those that Java knows by another name. */
	private static final Map<String, String> NAMES = Map.ofEntries(Map.entry("LATIN1", "ISO-8859-1"),
			Map.entry("LATIN2", "ISO-8859-2"), Map.entry("LATIN3", "ISO-8859-3"), Map.entry("LATIN4", "ISO-8859-4"),
			Map.entry("LATIN5", "ISO-8859-9"), Map.entry("LATIN6", "ISO-8859-10"), Map.entry("LATIN7", "ISO-8859-13"),
			Map.entry("LATIN8", "ISO-8859-14"), Map.entry("LATIN9", "ISO-8859-15"), Map.entry("LATIN10", "ISO-8859-16"),
			Map.entry("WIN866", "IBM866"), Map.entry("KOI8R", "KOI8-R"), Map.entry("KOI8U", "KOI8-U"),
			Map.entry("EUC_JP", "EUC-JP"), Map.entry("EUC_KR", "EUC-KR"), Map.entry("EUC_CN", "GB2312"));

	private PostgreSqlEncodings() {
	}

	/**
	 * Return what texts have to fit in: ASCII where Java doesn't know the encoding.
	 * @param encoding the server's name of it
	 */
	static Charset charset(String encoding) {
		String name = encoding.toUpperCase(Locale.ROOT);
		if (name.isEmpty() || name.equals("UTF8") || name.equals("SQL_ASCII")) {
			// The latter takes any bytes.
			return StandardCharsets.UTF_8;
		}
		String known = name.startsWith("WIN1") || name.equals("WIN874") ? "windows-" + name.substring(3)
				: NAMES.getOrDefault(name, name.replace('_', '-'));
		try {
			Charset charset = Charset.forName(known);
			return charset.canEncode() ? charset : StandardCharsets.US_ASCII;
		}
		catch (IllegalCharsetNameException | UnsupportedCharsetException ex) {
			return StandardCharsets.US_ASCII;
		}
	}

}
