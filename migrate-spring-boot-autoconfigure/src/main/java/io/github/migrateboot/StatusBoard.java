package io.github.migrateboot;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;

import io.github.migrateboot.MigratorStatus.Running;
import io.github.migrateboot.MigratorStatus.State;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.lock.LockHolder;
import org.jspecify.annotations.Nullable;

/**
 * Where a run says what it is doing. One thread writes, any thread reads.
 */
final class StatusBoard {

	private volatile MigratorStatus status = new MigratorStatus(State.PENDING, now(), null, null, null, null, null,
			null, null);

	MigratorStatus status() {
		return this.status;
	}

	void started() {
		this.status = new MigratorStatus(State.PENDING, now(), null, null, null, null, null, null, null);
	}

	void database(String database) {
		change((old) -> new MigratorStatus(old.state(), old.since(), database, old.lock(), old.pending(), old.holder(),
				old.running(), old.report(), old.failure()));
	}

	void lock(String lock) {
		change((old) -> new MigratorStatus(old.state(), old.since(), old.database(), lock, old.pending(), old.holder(),
				old.running(), old.report(), old.failure()));
	}

	void pending(int pending) {
		change((old) -> new MigratorStatus(old.state(), old.since(), old.database(), old.lock(), pending, old.holder(),
				old.running(), old.report(), old.failure()));
	}

	void waiting(@Nullable LockHolder holder) {
		change((old) -> new MigratorStatus(State.WAITING, (old.state() == State.WAITING) ? old.since() : now(),
				old.database(), old.lock(), old.pending(), holder, null, null, null));
	}

	void migrating(@Nullable Running running) {
		change((old) -> new MigratorStatus(State.MIGRATING, (old.state() == State.MIGRATING) ? old.since() : now(),
				old.database(), old.lock(), old.pending(), null, running, null, null));
	}

	void statement(int number) {
		Running running = this.status.running();
		if (running != null) {
			migrating(new Running(running.version(), running.name(), number, running.statements(), running.since()));
		}
	}

	void done(MigrationReport report) {
		change((old) -> new MigratorStatus(State.DONE, now(), old.database(), old.lock(), 0, null, null, report, null));
	}

	void failed(MigrationException failure) {
		change((old) -> new MigratorStatus(State.FAILED, now(), old.database(), old.lock(), old.pending(), old.holder(),
				old.running(), null, failure));
	}

	private void change(UnaryOperator<MigratorStatus> change) {
		this.status = change.apply(this.status);
	}

	static Instant now() {
		return Instant.now().truncatedTo(ChronoUnit.MILLIS);
	}

}
