package io.github.migrateboot.script;

import java.util.Arrays;

/**
 * Tells on which line of a text a character stands.
 */
final class LineIndex {

	private final int[] lineFeeds;

	LineIndex(String text) {
		int[] offsets = new int[16];
		int count = 0;
		for (int i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) {
			if (count == offsets.length) {
				offsets = Arrays.copyOf(offsets, count * 2);
			}
			offsets[count++] = i;
		}
		this.lineFeeds = Arrays.copyOf(offsets, count);
	}

	int lineOf(int offset) {
		int index = Arrays.binarySearch(this.lineFeeds, offset);
		return ((index < 0) ? -index - 1 : index) + 1;
	}

	/**
	 * Return the offset at which the line of this offset begins.
	 */
	int startOf(int offset) {
		int line = lineOf(offset);
		return (line == 1) ? 0 : this.lineFeeds[line - 2] + 1;
	}

}
