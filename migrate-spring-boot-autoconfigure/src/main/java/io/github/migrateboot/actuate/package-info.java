/**
 * What operators see: the endpoint {@code migrate} and the health contributor of the same
 * name.
 */
@NullMarked
package io.github.migrateboot.actuate;

import org.jspecify.annotations.NullMarked;
