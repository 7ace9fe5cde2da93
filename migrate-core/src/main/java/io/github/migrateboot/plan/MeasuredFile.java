package io.github.migrateboot.plan;

import java.util.List;

import io.github.migrateboot.safety.Finding;

/**
 * A file that the measured lint has applied when the application was built.
 *
 * @param name the name of the file
 * @param checksum its checksum as it was then
 * @param findings what was found, whether the file accepts it or not; perhaps nothing
 */
public record MeasuredFile(String name, String checksum, List<Finding> findings) {

	public MeasuredFile {
		findings = List.copyOf(findings);
	}

}
