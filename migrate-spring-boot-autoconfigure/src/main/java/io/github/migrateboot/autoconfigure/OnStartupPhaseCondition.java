package io.github.migrateboot.autoconfigure;

import java.util.stream.Stream;

import io.github.migrateboot.autoconfigure.MigrateProperties.Phase;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if the migrations of at least one database run while beans are created.
 */
final class OnStartupPhaseCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Environment environment = context.getEnvironment();
		boolean startup = Stream
			.concat(Stream.of(DatabasePropertySource.SHARED), MigrateDatabases.prefixes(environment).values().stream())
			.anyMatch((prefix) -> isStartup(environment, prefix + ".phase"));
		ConditionMessage.Builder message = ConditionMessage.forCondition("Phase");
		return startup ? ConditionOutcome.match(message.foundExactly("startup"))
				: ConditionOutcome.noMatch(message.because("no database has the phase startup"));
	}

	private static boolean isStartup(Environment environment, String property) {
		// a value that is none is refused when the properties are bound
		return Binder.get(environment)
			.bind(property, String.class)
			.map(Phase.STARTUP.name()::equalsIgnoreCase)
			.orElse(false);
	}

}
