/**
 * The lock that lets one instance migrate at a time: the contract,
 * {@link io.github.migrateboot.lock.LockStrategy}, and one class for each way to keep it;
 * MySQL's lock is {@code MySqlSessionLock}.
 * {@link io.github.migrateboot.lock.LockStrategies} picks one by what the database has
 * for it and what is asked for, and {@link io.github.migrateboot.lock.LockWaiter} waits
 * for any of them.
 * <ul>
 * <li>{@code session}: {@code PostgresSessionLock}, and {@code MySqlSessionLock} for
 * MySQL and MariaDB;</li>
 * <li>{@code pinned}: {@code PostgresPinnedLock}, with {@code PostgresTransactionLock}
 * for a migration that has its transaction;</li>
 * <li>{@code lease}: {@code LeaseLock}, with {@code LeaseTable} and
 * {@code LeaseWatch};</li>
 * <li>{@code file}: {@code SqliteFileLock};</li>
 * <li>{@code row}: {@code H2RowLock};</li>
 * <li>{@code none}: {@code NoLock}.</li>
 * </ul>
 * A strategy that can do more than be asked again and again says so by an interface of
 * its own: {@link io.github.migrateboot.lock.WakingStrategy},
 * {@link io.github.migrateboot.lock.BlockingStrategy},
 * {@link io.github.migrateboot.lock.PerTransactionStrategy} and
 * {@link io.github.migrateboot.lock.HolderAdvice}.
 * <p>
 * How often is polled and how a holder is described may change freely. What may not is
 * what instances of two releases have to agree on while one is rolled out: the text in
 * {@code LockKey}, the names and the columns of the lock tables of H2 and of a lease, the
 * name and the table of SQLite's side file. A new strategy is a class, a line in
 * {@code LockStrategies} and a subclass of {@code LockContractTests} for each server.
 */
@NullMarked
package io.github.migrateboot.lock;

import org.jspecify.annotations.NullMarked;
