package io.github.migrateboot.autoconfigure;

import java.util.Map;

import javax.sql.DataSource;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.Migrators;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.jdbc.SchemaManagement;
import org.springframework.boot.jdbc.SchemaManagementProvider;

/**
 * {@link SchemaManagementProvider} that says which DataSources are migrated, so that
 * Hibernate does not create and drop the tables of an embedded database.
 */
final class MigrateSchemaManagementProvider implements SchemaManagementProvider {

	private final ObjectProvider<Migrators> migrators;

	private final MigrateDatabases databases;

	MigrateSchemaManagementProvider(ObjectProvider<Migrators> migrators, MigrateDatabases databases) {
		this.migrators = migrators;
		this.databases = databases;
	}

	@Override
	public SchemaManagement getSchemaManagement(DataSource dataSource) {
		Map<String, Migrator> enabled = this.migrators.getObject().filter(this.databases::isEnabled).asMap();
		return enabled.values().stream().anyMatch((migrator) -> migrates(migrator, dataSource))
				? SchemaManagement.MANAGED : SchemaManagement.UNMANAGED;
	}

	/*
	 * Where a migrator has a URL of its own, or its connections are the user's, it may
	 * lead anywhere, and what is managed must not be dropped.
	 */
	private static boolean migrates(Migrator migrator, DataSource dataSource) {
		return !(migrator.connections() instanceof DataSourceConnections connections)
				|| connections.dataSource().equals(dataSource);
	}

}
