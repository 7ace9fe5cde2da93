package io.github.migrateboot.status;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of a migrator, none of which can disturb a run.
 */
public final class Listeners {

	private static final Logger logger = LoggerFactory.getLogger(Listeners.class);

	private final List<MigrationListener> listeners = new CopyOnWriteArrayList<>();

	/**
	 * Add a listener, which hears what happens from now on.
	 * @param listener the listener
	 */
	public void add(MigrationListener listener) {
		this.listeners.add(listener);
	}

	void tell(Consumer<MigrationListener> news) {
		for (MigrationListener listener : this.listeners) {
			try {
				news.accept(listener);
			}
			catch (Throwable ex) {
				// Whatever is wrong with it, such as a class that is missing
				logger.error("A listener of migrations failed; the run goes on", ex);
			}
		}
	}

}
