package io.github.migrateboot.autoconfigure;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;

/**
 * {@link FailureAnalyzer} for a {@code migrate.*} property whose value has the wrong
 * type: says what is allowed.
 */
@Order(0)
final class MigratePropertyFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("migrate");

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		ConfigurationProperty property = cause.getProperty();
		ConversionFailedException conversion = findCause(cause, ConversionFailedException.class);
		if (property == null || conversion == null || !PREFIX.isAncestorOf(property.getName())) {
			return null;
		}
		String allowed = describeAllowed(property.getName(), conversion.getTargetType().getType());
		if (allowed == null) {
			return null;
		}
		String origin = (property.getOrigin() != null) ? " (" + property.getOrigin() + ")" : "";
		return new FailureAnalysis(property.getName() + " is \"" + property.getValue() + "\"" + origin + ".",
				"Set it to " + allowed + ".", cause);
	}

	private static @Nullable String describeAllowed(ConfigurationPropertyName name, Class<?> type) {
		if (type == Duration.class && name.getLastElement(Form.UNIFORM).equals("connecttimeout")) {
			return "a duration, such as 30s, 2m or PT1H, or 0s for no wait";
		}
		if (type == Duration.class) {
			return "a duration above zero, such as 50ms, 30s, 10m or PT1H";
		}
		if (type == Boolean.class) {
			return "true or false";
		}
		if (type == Integer.class) {
			return "a whole number";
		}
		if (type.isEnum()) {
			return Stream.of(type.getEnumConstants())
				.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
				.collect(Collectors.joining(", ", "one of ", ""));
		}
		return null;
	}

}
