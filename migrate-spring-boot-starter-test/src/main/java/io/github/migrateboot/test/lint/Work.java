package io.github.migrateboot.test.lint;

import java.time.Duration;
import java.util.List;

/**
 * What was observed while a statement ran.
 *
 * @param before what its transaction had done before; nothing if it has none
 * @param after what its transaction had done afterwards; nothing if it has none
 * @param messages what the server said
 * @param took how long it took
 */
record Work(Activity before, Activity after, List<DebugMessage> messages, Duration took) {

	Work {
		messages = List.copyOf(messages);
	}

	/**
	 * Return what was observed of a statement that refuses to run in a transaction.
	 */
	static Work withoutTransaction(List<DebugMessage> messages) {
		return new Work(Activity.NONE, Activity.NONE, messages, Duration.ZERO);
	}

	boolean says(DebugMessage.Work work, String name) {
		return this.messages.stream().anyMatch((message) -> message.work() == work && message.name().equals(name));
	}

}
