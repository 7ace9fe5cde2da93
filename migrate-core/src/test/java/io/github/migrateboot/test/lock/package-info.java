/**
 * What every lock strategy must pass. Published with
 * {@code migrate-spring-boot-starter-test}.
 */
@NullMarked
package io.github.migrateboot.test.lock;

import org.jspecify.annotations.NullMarked;
