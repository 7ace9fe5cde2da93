package io.github.migrateboot.script;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A script in which the statements that are expected stand between « and ».
 */
record MarkedScript(String text, List<String> statements, List<Integer> lines) {

	static MarkedScript of(String marked) {
		StringBuilder text = new StringBuilder();
		List<String> statements = new ArrayList<>();
		List<Integer> lines = new ArrayList<>();
		int line = 1;
		int start = -1;
		for (char c : marked.toCharArray()) {
			if (c == '«') {
				start = text.length();
				lines.add(line);
			}
			else if (c == '»') {
				statements.add(text.substring(start));
			}
			else {
				text.append(c);
				line += (c == '\n') ? 1 : 0;
			}
		}
		return new MarkedScript(text.toString(), statements, lines);
	}

	void assertSplitBy(SqlSyntax syntax) {
		List<Splitter.Piece> pieces = syntax.split(this.text);
		LineIndex index = new LineIndex(this.text);
		assertThat(pieces).extracting((piece) -> this.text.substring(piece.start(), piece.end()))
			.containsExactlyElementsOf(this.statements);
		assertThat(pieces).extracting((piece) -> index.lineOf(piece.start())).containsExactlyElementsOf(this.lines);
	}

}
