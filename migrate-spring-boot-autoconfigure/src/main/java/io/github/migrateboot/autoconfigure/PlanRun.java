package io.github.migrateboot.autoconfigure;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.Migrators;
import io.github.migrateboot.output.MeasuredFindings;
import io.github.migrateboot.output.PlanText;
import io.github.migrateboot.plan.MigrationPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ClassUtils;

/**
 * Says what would be migrated, in the log and in files.
 *
 * @param migrators the migrators of the databases that are enabled
 * @param settings what is written, and when it fails
 */
record PlanRun(Migrators migrators, MigrateProperties.Plan settings) {

	private static final Logger logger = LoggerFactory.getLogger(PlanRun.class);

	/**
	 * Say it.
	 * @return the exit code
	 */
	int run() {
		Map<String, MigrationPlan> plans = this.migrators
			.plan(MeasuredFindings.read(ClassUtils.getDefaultClassLoader()));
		logger.info("Migration plan; nothing is applied\n{}", PlanText.of(plans));
		this.settings.file().forEach((file) -> new PlanFile(file).write(plans));
		List<String> occurring = PlanFailure.occurring(this.settings.failOn(), plans.values());
		String summary = summary(plans.values());
		if (occurring.isEmpty()) {
			logger.info("Planned: {}; the application ends with exit code 0, because migrate.mode is plan", summary);
			return 0;
		}
		logger.error("Planned: {}; the application ends with exit code 1, because migrate.plan.fail-on has {}", summary,
				String.join(", ", occurring));
		return 1;
	}

	private static String summary(Collection<MigrationPlan> plans) {
		int pending = plans.stream().mapToInt((plan) -> plan.migrations().size()).sum();
		long findings = plans.stream().flatMap(MigrationPlan::findings).count();
		long allowed = plans.stream().flatMap(MigrationPlan::findings).filter((one) -> one.isAllowed()).count();
		int refusals = plans.stream().mapToInt((plan) -> plan.refusals().size()).sum();
		return count(pending, "migration") + " pending, " + count(findings, "finding")
				+ ((allowed > 0) ? " (" + allowed + " allowed)" : "")
				+ ((refusals > 0) ? ", and a start would stop" : "");
	}

	private static String count(long number, String what) {
		return number + " " + what + ((number == 1) ? "" : "s");
	}

}
