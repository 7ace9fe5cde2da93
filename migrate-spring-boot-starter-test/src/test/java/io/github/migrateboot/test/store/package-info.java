/**
 * Tests of the phase {@code startup} with what keeps its state in tables of its own:
 * Spring Session, Quartz and Spring Batch.
 */
@NullMarked
package io.github.migrateboot.test.store;

import org.jspecify.annotations.NullMarked;
