/**
 * Spring Boot: properties, wiring, the run when the application is ready, and failure
 * analysis.
 */
@NullMarked
package io.github.migrateboot.autoconfigure;

import org.jspecify.annotations.NullMarked;
