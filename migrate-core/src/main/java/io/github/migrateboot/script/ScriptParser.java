package io.github.migrateboot.script;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

import io.github.migrateboot.failure.MalformedMigrationException;
import org.jspecify.annotations.Nullable;

/**
 * Parses migration files by dbmate's grammar and splits their up blocks into statements.
 * <p>
 * A block begins with a line that begins with {@code -- migrate:up} or
 * {@code -- migrate:down}, wherever that line stands: in a comment or string too. Before
 * the first up block there may be only blank lines and lines that begin with {@code --}.
 * To each up block belongs exactly one down block after it. A file may have several such
 * sections.
 */
public final class ScriptParser {

	private final SqlRules rules;

	/**
	 * Create a parser of files for a server of which nothing is known but its kind.
	 * @param syntax the syntax by which blocks are split into statements
	 */
	public ScriptParser(SqlSyntax syntax) {
		this(new SqlRules(syntax));
	}

	/**
	 * Create a parser.
	 * @param rules the rules by which blocks are split into statements
	 */
	public ScriptParser(SqlRules rules) {
		this.rules = rules;
	}

	/**
	 * Read and parse a file.
	 * @param file the file
	 * @return its content
	 * @throws MalformedMigrationException if it cannot be read, is not UTF-8, or is not
	 * what the grammar allows
	 */
	public Script parse(MigrationFile file) {
		return script(file, read(file, true));
	}

	/**
	 * Read a file and parse its down blocks, in the order in which they undo it: that of
	 * the last section first.
	 * @param file the file
	 * @return its content, without warnings
	 * @throws MalformedMigrationException as {@link #parse} does
	 */
	public Script parseDown(MigrationFile file) {
		return script(file, read(file, false));
	}

	private Blocked read(MigrationFile file, boolean up) {
		Content content = Content.of(file);
		String text = content.text();
		List<Block> blocks = new ArrayList<>(new Blocks(file.description(), text).find());
		LineIndex lines = new LineIndex(text);
		List<Allowance> allowances = Allowance.findAll(text, lines);
		List<String> warnings = up ? new ScriptWarnings(this.rules, text, blocks).find() : List.of();
		blocks.removeIf((block) -> block.directive().up() != up);
		if (!up) {
			Collections.reverse(blocks);
		}
		List<String> sql = blocks.stream().map((block) -> block.text(text)).toList();
		return new Blocked(content.checksum(), warnings, allowances, blocks, sql, lines);
	}

	private Script script(MigrationFile file, Blocked blocked) {
		StatementKinds kinds = new StatementKinds(this.rules.syntax());
		Lexer lexer = this.rules.lexer("");
		LineIndex lines = blocked.lines();
		List<Script.Section> sections = new ArrayList<>();
		int number = 0;
		for (int i = 0; i < blocked.blocks().size(); i++) {
			Block block = blocked.blocks().get(i);
			List<SqlStatement> statements = new ArrayList<>();
			String sql = blocked.sql().get(i);
			lexer = lexer.on(sql);
			for (Splitter.Piece piece : this.rules.split(lexer)) {
				String statement = sql.substring(piece.start(), piece.end());
				int offset = block.start() + piece.start();
				refuseNul(file.description(), statement, offset, lines);
				if (this.rules.syntax() == SqlSyntax.POSTGRESQL) {
					new PsqlCommands(file.description(), lines).refuse(statement, offset, piece.data() != null);
				}
				statements.add(new SqlStatement(++number, lines.lineOf(offset), statement, kinds.of(statement),
						data(sql, piece)));
			}
			sections.add(new Script.Section(block.directive().isTransactional(), statements));
		}
		return new Script(blocked.checksum(), sections, blocked.warnings(), blocked.allowances());
	}

	private static @Nullable String data(String sql, Splitter.Piece piece) {
		CopyData data = piece.data();
		return (data != null) ? sql.substring(data.start(), data.end()) : null;
	}

	private static void refuseNul(String file, String statement, int offset, LineIndex lines) {
		int nul = statement.indexOf('\0');
		if (nul >= 0) {
			throw new MalformedMigrationException(
					"%s, line %s: a statement contains a NUL byte, which no database takes as text.".formatted(file,
							lines.lineOf(offset + nul)),
					"Remove the byte. If it is meant as data, write it in the database's own notation, for example as a hexadecimal literal.");
		}
	}

	/**
	 * Return the checksum of a file.
	 * @param content the file's bytes
	 * @return SHA-256 of the content with CRLF read as LF, in hexadecimal digits
	 */
	public static String checksum(byte[] content) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			int from = 0;
			for (int i = 0; i + 1 < content.length; i++) {
				if (content[i] == '\r' && content[i + 1] == '\n') {
					digest.update(content, from, i - from);
					from = i + 1;
				}
			}
			digest.update(content, from, content.length - from);
			return HexFormat.of().formatHex(digest.digest());
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/**
	 * What was read of a file; its bytes are not kept, because a file may be large.
	 *
	 * @param text the text
	 * @param checksum the checksum of the bytes
	 */
	private record Content(String text, String checksum) {

		static Content of(MigrationFile file) {
			byte[] content = file.read();
			return new Content(new Utf8(file.description()).decode(content), ScriptParser.checksum(content));
		}

	}

	/**
	 * A file as its blocks; the rest of its text is not kept, either.
	 *
	 * @param checksum the checksum
	 * @param warnings what is warned about
	 * @param allowances what is allowed
	 * @param blocks the blocks that are to be run
	 * @param sql the text of each block
	 * @param lines the file's lines
	 */
	private record Blocked(String checksum, List<String> warnings, List<Allowance> allowances, List<Block> blocks,
			List<String> sql, LineIndex lines) {

	}

}
