package io.github.migrateboot.autoconfigure;

import java.util.concurrent.CountDownLatch;

/**
 * Keeps a process alive with a thread of its own, as some pools do, and says when it is
 * closed.
 */
final class LivelyPool implements AutoCloseable {

	LivelyPool() {
		new Thread(() -> {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}).start();
	}

	@Override
	public void close() {
		System.out.println("pool closed");
	}

}
