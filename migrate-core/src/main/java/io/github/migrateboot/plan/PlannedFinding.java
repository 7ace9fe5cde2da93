package io.github.migrateboot.plan;

import io.github.migrateboot.safety.Finding;
import org.jspecify.annotations.Nullable;

/**
 * What was found about a statement of a migration that would be applied.
 *
 * @param finding what was found
 * @param measured whether it was measured when the application was built, and not
 * concluded from the first words of the statement and from the catalogue
 * @param allowed why the author of the file accepts it, or {@code null} if nobody does
 */
public record PlannedFinding(Finding finding, boolean measured, @Nullable String allowed) {

	/**
	 * Return whether the author of the file accepts it.
	 * @return whether a reason is given
	 */
	public boolean isAllowed() {
		return this.allowed != null;
	}

}
