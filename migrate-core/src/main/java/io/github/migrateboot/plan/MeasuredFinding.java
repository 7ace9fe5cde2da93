package io.github.migrateboot.plan;

import io.github.migrateboot.safety.Finding;

/**
 * What the measured lint found when the application was built.
 *
 * @param checksum the checksum of the file as it was then
 * @param finding what it found
 */
public record MeasuredFinding(String checksum, Finding finding) {

}
