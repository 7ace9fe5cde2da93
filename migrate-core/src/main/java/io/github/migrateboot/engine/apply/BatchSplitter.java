package io.github.migrateboot.engine.apply;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.github.migrateboot.database.SqlChannel;

/**
 * Cuts the steps of a transaction into what is sent to PostgreSQL at once: many small
 * statements, or one other. In the first batch, which begins the transaction, are no
 * queries; see {@link SqlChannel#executeAll}.
 * <p>
 * While a batch is sent nothing is read, and a trigger may have the server say more than
 * is buffered, so that it stops reading too. Therefore what is sent at once is so little
 * that sending can't block. (A large statement alone is no danger: the server reads all
 * of it before it says anything.)
 */
final class BatchSplitter {

	/**
	 * Half of what a socket buffers by default, at least.
	 */
	static final int MAX_BYTES = 32_768;

	/**
	 * What the driver sends for each statement besides its text.
	 */
	private static final int OVERHEAD = 60;

	/**
	 * From 256 entries on the driver ends the batch by itself and sends the rest in
	 * another one, between which the session is idle.
	 */
	static final int MAX_ENTRIES = 200;

	private final List<List<BatchEntry>> batches = new ArrayList<>();

	private List<BatchEntry> open = new ArrayList<>();

	private int bytes;

	static List<List<BatchEntry>> split(List<BatchEntry> steps) {
		BatchSplitter splitter = new BatchSplitter();
		steps.forEach(splitter::add);
		splitter.closeBatch();
		return splitter.batches;
	}

	private void add(BatchEntry step) {
		int size = size(step);
		boolean outOfPlace = step.isAlone() || (this.batches.isEmpty() && step.mayReturnRows());
		if (outOfPlace || this.bytes + size > MAX_BYTES || this.open.size() == MAX_ENTRIES) {
			closeBatch();
		}
		this.open.add(step);
		this.bytes += size;
		if (step.isAlone()) {
			closeBatch();
		}
	}

	/**
	 * Return how much is sent for a step, in bytes.
	 */
	static int size(BatchEntry step) {
		String sql = step.sql();
		return OVERHEAD + ((sql.length() > MAX_BYTES) ? sql.length() : sql.getBytes(StandardCharsets.UTF_8).length);
	}

	private void closeBatch() {
		if (!this.open.isEmpty()) {
			this.batches.add(this.open);
			this.open = new ArrayList<>();
			this.bytes = 0;
		}
	}

}
