package io.github.migrateboot.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.Migrator;
import io.github.migrateboot.Migrators;
import io.github.migrateboot.failure.MigrationException;
import io.github.migrateboot.output.MeasuredFindings;
import io.github.migrateboot.output.PlanDocument;
import io.github.migrateboot.plan.MeasuredFile;

import org.springframework.util.ClassUtils;

/**
 * Describes what a start would do now.
 *
 * @param migrators the migrators of the databases that are enabled
 * @param texts whether texts of statements are shown
 */
record PlanOperation(Migrators migrators, boolean texts) {

	Map<String, Object> plan() {
		List<MeasuredFile> measured = MeasuredFindings.read(ClassUtils.getDefaultClassLoader());
		Map<String, Object> databases = new LinkedHashMap<>();
		this.migrators.asMap().forEach((name, migrator) -> databases.put(name, plan(migrator, measured)));
		return PlanDocument.of(databases);
	}

	private Map<String, Object> plan(Migrator migrator, List<MeasuredFile> measured) {
		try {
			return new PlanDocument(this.texts).of(migrator.plan(measured));
		}
		catch (MigrationException ex) {
			Map<String, Object> failure = new LinkedHashMap<>();
			failure.put("description", StatementTexts.of(this.texts).failure(ex));
			failure.put("action", ex.getAction());
			return Map.of("failure", failure);
		}
	}

}
