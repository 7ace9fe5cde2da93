/**
 * The lock that lets one instance migrate at a time: the contract and its strategies.
 */
@NullMarked
package io.github.migrateboot.lock;

import org.jspecify.annotations.NullMarked;
