/**
 * An order desk: customers, products and orders over REST, kept in whatever database the
 * profile names.
 */
@NullMarked
package io.github.migrateboot.sample;

import org.jspecify.annotations.NullMarked;
