package io.github.migrateboot.script;

/**
 * A directive's block: its line and what follows, up to the next block.
 *
 * @param directive the directive
 * @param end the offset behind the block
 */
record Block(Directive directive, int end) {

	int start() {
		return this.directive.offset();
	}

	String text(String file) {
		return file.substring(start(), this.end);
	}

}
