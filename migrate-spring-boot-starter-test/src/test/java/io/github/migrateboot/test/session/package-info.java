/**
 * Tests of the phase {@code startup} with Spring Session.
 */
@NullMarked
package io.github.migrateboot.test.session;

import org.jspecify.annotations.NullMarked;
