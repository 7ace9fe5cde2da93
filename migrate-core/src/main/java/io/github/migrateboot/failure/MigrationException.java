package io.github.migrateboot.failure;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The run stopped. The {@linkplain #getDescription() description} says what happened,
 * where and why; the {@linkplain #getAction() action} what to do now. Neither contains a
 * secret.
 */
public abstract class MigrationException extends RuntimeException {

	/**
	 * What happened, where and why.
	 */
	private final FailureText description;

	/**
	 * What to do now.
	 */
	private final String action;

	/**
	 * Create an exception. Its summary is the description if there is no cause, and
	 * otherwise that of the cause, or what can be said without what others have written.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 * @param cause the cause, or {@code null}
	 */
	protected MigrationException(String description, String action, @Nullable Throwable cause) {
		this(new FailureText(description, summarize(description, cause)), action, cause);
	}

	/**
	 * Create an exception.
	 * @param description what happened, where and why, in sentences
	 * @param action what to do now, in sentences, without the text of statements
	 * @param cause the cause, or {@code null}
	 */
	protected MigrationException(FailureText description, String action, @Nullable Throwable cause) {
		super(description.full() + " " + action, cause);
		this.description = description;
		this.action = action;
	}

	/**
	 * Return the description only if the cause can't have put anything into it.
	 */
	private static String summarize(String description, @Nullable Throwable cause) {
		if (cause instanceof MigrationException known) {
			return known.getSummary();
		}
		List<Throwable> causes = (cause != null) ? Causes.of(cause) : List.of();
		for (Throwable one : causes) {
			if (one instanceof SQLException error) {
				return "The run failed [" + ErrorCode.of(error) + "].";
			}
		}
		boolean harmless = causes.stream()
			.allMatch((one) -> one instanceof IOException || one instanceof InterruptedException);
		return harmless ? description : "The run failed.";
	}

	/**
	 * Return what happened, where and why, in sentences.
	 * @return the description, never empty
	 */
	public String getDescription() {
		return this.description.full();
	}

	/**
	 * Return the description as it may be shown to whoever may not see the statements:
	 * file, line, state and code are in it; the text of a statement is not, nor what the
	 * database says about it.
	 * @return the summary, never empty
	 */
	public String getSummary() {
		return this.description.summary();
	}

	/**
	 * Return the description for use in another one.
	 * @return description and summary
	 */
	public FailureText text() {
		return this.description;
	}

	/**
	 * Return what the person on call can do now, in sentences.
	 * @return the action, never empty
	 */
	public String getAction() {
		return this.action;
	}

}
