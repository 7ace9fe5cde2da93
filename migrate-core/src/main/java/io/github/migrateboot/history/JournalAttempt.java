package io.github.migrateboot.history;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What the journal knows about a migration that was started, so that it can go on.
 *
 * @param entry the row for people
 * @param hashes a hash of each statement of the file that was started, in order
 * @param statementAt when the statement that was started last was started, or
 * {@code null}
 * @param building the index that the statement started last builds concurrently, or
 * {@code null}
 * @param answers the answers to unknown outcomes that have been used
 */
public record JournalAttempt(JournalEntry entry, List<String> hashes, @Nullable Instant statementAt,
		@Nullable String building, String answers) {

	public JournalAttempt {
		hashes = List.copyOf(hashes);
	}

}
