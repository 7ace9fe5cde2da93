package io.github.migrateboot.lock;

import org.jspecify.annotations.Nullable;

/**
 * What a lease's row says.
 *
 * @param owner who holds the lease, or {@code null} if it is free
 * @param token grows with each acquisition and release
 * @param beat grows with each sign of life
 */
record LeaseRow(@Nullable String owner, long token, long beat) {

}
