package io.github.migrateboot.benchmarks;

import java.io.IOException;
import java.util.Locale;

/**
 * Migrations that are to be applied.
 *
 * @param kind what they are
 * @param size how many there are; of those that are one file, how large it is
 * @param delayMillis the delay of a round trip on the network
 */
record Work(Kind kind, int size, int delayMillis) {

	static Work of(Kind kind, int size) {
		return new Work(kind, size, 0);
	}

	static Work small(int count) {
		return of(Kind.SMALL, count);
	}

	Work withDelay(int millis) {
		return new Work(this.kind, this.size, millis);
	}

	/**
	 * Return the name of what is measured with it.
	 */
	String series() {
		return Integer.toString(this.size);
	}

	Migrations migrations(Lab lab) throws IOException {
		int scaled = lab.scaled(this.size);
		String name = this.kind.name().toLowerCase(Locale.ROOT) + "-" + scaled;
		return switch (this.kind) {
			case SMALL -> lab.migrations(name, scaled, Migrations::small);
			case MIXED -> lab.migrations(name, scaled, Migrations::mixed);
			case CLOCKED -> lab.migrations(name, scaled, Migrations::clocked);
			case LARGE -> lab.migrations(name, 1, (number) -> Migrations.large(scaled));
			case FLOOD -> lab.migrations(name, 1, (number) -> Migrations.flood(scaled));
		};
	}

	/**
	 * What the migrations do.
	 */
	enum Kind {

		/** Each creates a table and inserts into it. */
		SMALL,

		/** Each queries, raises a notice and sets something besides. */
		MIXED,

		/** As the small ones, and the first says when it was executed. */
		CLOCKED,

		/** One file of so many statements. */
		LARGE,

		/** One file with so many notices, and 7.5 times as many rows of a result. */
		FLOOD

	}

}
