package io.github.migrateboot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.github.migrateboot.MigrationsCompletedEvent;
import io.github.migrateboot.MigrationsFailedEvent;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.status.MigrationListener;
import io.github.migrateboot.status.MigrationReport;
import io.github.migrateboot.status.MigratorStatus;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes what becomes of runs. A run that ends well while beans are being created is
 * published when all of them are there, because listeners that are methods are not known
 * before.
 */
final class MigrationEvents implements MigrationListener.Factory, SmartInitializingSingleton {

	private final ApplicationEventPublisher publisher;

	private final List<Object> kept = new ArrayList<>();

	private boolean open;

	MigrationEvents(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	@Override
	public MigrationListener create(String database, Supplier<MigratorStatus> status) {
		return new MigrationListener() {

			@Override
			public void completed(MigrationReport report) {
				publish(new MigrationsCompletedEvent(database, report));
			}

			@Override
			public void failed(MigrationException failure) {
				MigrationEvents.this.publisher.publishEvent(new MigrationsFailedEvent(database, failure));
			}

		};
	}

	private void publish(Object event) {
		synchronized (this.kept) {
			if (!this.open) {
				this.kept.add(event);
				return;
			}
		}
		this.publisher.publishEvent(event);
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<Object> events;
		synchronized (this.kept) {
			this.open = true;
			events = List.copyOf(this.kept);
			this.kept.clear();
		}
		events.forEach(this.publisher::publishEvent);
	}

}
