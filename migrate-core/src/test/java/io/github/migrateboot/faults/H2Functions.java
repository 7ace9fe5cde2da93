package io.github.migrateboot.faults;

/**
 * Functions for migrations on H2, called by whichever process serves the database.
 */
public final class H2Functions {

	private H2Functions() {
	}

	/**
	 * Return a text, later.
	 * @param text the text
	 * @param millis how much later
	 * @return the text
	 * @throws InterruptedException if the statement is cancelled
	 */
	public static String late(String text, long millis) throws InterruptedException {
		Thread.sleep(millis);
		return text;
	}

}
