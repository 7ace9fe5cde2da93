package io.github.migrateboot.plan;

/**
 * What becomes of a migration if the process or the connection is lost while one of its
 * statements runs. The later, the worse.
 */
public enum CrashOutcome {

	/** The statement is undone, and the next start runs it again. */
	UNDONE,

	/** Whether it took effect can be told, and the next start resumes accordingly. */
	RESUMES,

	/** Whether it took effect can't be told, and the next start asks. */
	ASKS

}
