package io.github.migrateboot.autoconfigure;

import io.github.migrateboot.Migrators;
import io.github.migrateboot.status.MigrationListener;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Adds the listeners to the migrators, whoever has defined these, before any of them can
 * run.
 */
final class MigrationListenersPostProcessor implements BeanPostProcessor {

	private final ObjectProvider<MigrationListener.Factory> listeners;

	MigrationListenersPostProcessor(ObjectProvider<MigrationListener.Factory> listeners) {
		this.listeners = listeners;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof Migrators migrators) {
			this.listeners.orderedStream().forEach(migrators::addListeners);
		}
		return bean;
	}

}
