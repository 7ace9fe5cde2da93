package io.github.migrateboot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if there are databases in {@code migrate.databases}.
 */
final class OnNamedDatabasesCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Named databases");
		var names = MigrateDatabases.prefixes(context.getEnvironment()).keySet();
		return names.isEmpty() ? ConditionOutcome.noMatch(message.didNotFind("migrate.databases").atAll())
				: ConditionOutcome.match(message.found("database").items(names));
	}

}
