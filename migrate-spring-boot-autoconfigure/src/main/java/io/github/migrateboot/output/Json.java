package io.github.migrateboot.output;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads JSON where no library for it need be there. Spring Boot's own parser of that kind
 * loses what is escaped, such as ends of lines.
 */
final class Json {

	private static final String ESCAPED = "\"\\/bfnrt";

	private static final String MEANT = "\"\\/\b\f\n\r\t";

	private final String text;

	private int position;

	private Json(String text) {
		this.text = text;
	}

	/**
	 * Read a document.
	 * @param text the document
	 * @return a map, a list, a text, a number, a boolean or {@code null}
	 * @throws IllegalArgumentException if it is no JSON
	 */
	static @Nullable Object read(String text) {
		Json json = new Json(text);
		Object value = json.value();
		json.blanks();
		if (json.position < text.length()) {
			throw json.unexpected();
		}
		return value;
	}

	private @Nullable Object value() {
		blanks();
		return switch (current()) {
			case '{' -> object();
			case '[' -> list();
			case '"' -> string();
			default -> literal();
		};
	}

	private Map<String, @Nullable Object> object() {
		Map<String, @Nullable Object> object = new LinkedHashMap<>();
		expect('{');
		if (is('}')) {
			return object;
		}
		do {
			blanks();
			String name = string();
			blanks();
			expect(':');
			object.put(name, value());
		}
		while (is(','));
		expect('}');
		return object;
	}

	private List<@Nullable Object> list() {
		List<@Nullable Object> list = new ArrayList<>();
		expect('[');
		if (is(']')) {
			return list;
		}
		do {
			list.add(value());
		}
		while (is(','));
		expect(']');
		return list;
	}

	private String string() {
		expect('"');
		StringBuilder string = new StringBuilder();
		while (current() != '"') {
			char character = next();
			string.append((character == '\\') ? escaped() : character);
		}
		this.position++;
		return string.toString();
	}

	private char escaped() {
		char character = next();
		if (character == 'u' && this.position + 4 <= this.text.length()) {
			this.position += 4;
			return (char) Integer.parseInt(this.text.substring(this.position - 4, this.position), 16);
		}
		int index = ESCAPED.indexOf(character);
		if (index < 0) {
			throw unexpected();
		}
		return MEANT.charAt(index);
	}

	private @Nullable Object literal() {
		int start = this.position;
		while (this.position < this.text.length()
				&& (Character.isLetterOrDigit(current()) || "+-.".indexOf(current()) >= 0)) {
			this.position++;
		}
		String literal = this.text.substring(start, this.position);
		return switch (literal) {
			case "true" -> Boolean.TRUE;
			case "false" -> Boolean.FALSE;
			case "null" -> null;
			case "" -> throw unexpected();
			default -> Double.valueOf(literal);
		};
	}

	private boolean is(char wanted) {
		blanks();
		if (current() != wanted) {
			return false;
		}
		this.position++;
		return true;
	}

	private void expect(char wanted) {
		if (!is(wanted)) {
			throw unexpected();
		}
	}

	private char current() {
		if (this.position >= this.text.length()) {
			throw unexpected();
		}
		return this.text.charAt(this.position);
	}

	private char next() {
		char character = current();
		this.position++;
		return character;
	}

	private void blanks() {
		while (this.position < this.text.length() && this.text.charAt(this.position) <= ' ') {
			this.position++;
		}
	}

	private IllegalArgumentException unexpected() {
		return new IllegalArgumentException("it is no JSON, at character " + this.position);
	}

}
