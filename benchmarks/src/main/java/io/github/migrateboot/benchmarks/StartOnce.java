package io.github.migrateboot.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.migrateboot.autoconfigure.MigrateAutoConfiguration;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An application that starts with one of the tools, or none, and says how long that took
 * since the JVM began.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class StartOnce {

	private static final Map<JvmTool, Class<?>> AUTO_CONFIGURATIONS = Map.of(JvmTool.MIGRATE,
			MigrateAutoConfiguration.class, JvmTool.FLYWAY, FlywayAutoConfiguration.class, JvmTool.LIQUIBASE,
			LiquibaseAutoConfiguration.class);

	/**
	 * Every application asks its pool for a connection while it starts.
	 */
	@Bean
	SmartInitializingSingleton firstUse(JdbcTemplate jdbc) {
		return () -> jdbc.queryForObject("select 1", Integer.class);
	}

	public static void main(String[] args) {
		JvmTool tool = JvmTool.valueOf(args[0]);
		List<String> others = AUTO_CONFIGURATIONS.entrySet()
			.stream()
			.filter((entry) -> entry.getKey() != tool)
			.map((entry) -> entry.getValue().getName())
			.toList();
		List<String> arguments = new ArrayList<>(Arrays.asList(args).subList(1, args.length));
		arguments.add("--spring.autoconfigure.exclude=" + String.join(",", others));
		arguments.add("--spring.liquibase.change-log=" + Migrations.LIQUIBASE);
		SpringApplication application = new SpringApplication(StartOnce.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		ConfigurableApplicationContext context = application.run(arguments.toArray(String[]::new));
		long now = System.currentTimeMillis();
		System.out.println(RunOnce.RESULT + (now - ManagementFactory.getRuntimeMXBean().getStartTime()));
		context.close();
	}

}
