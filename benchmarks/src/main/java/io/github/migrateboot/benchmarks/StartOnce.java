package io.github.migrateboot.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.List;

import io.github.migrateboot.benchmarks.FreshJvm.Reported;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An application that starts with the tool that is on its class path, or none, and says
 * how long that took since the JVM began.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class StartOnce {

	/** The figure that is reported: milliseconds. */
	static final String TIME = "time";

	/** The other one: when the application was ready, as milliseconds since 1970. */
	static final String READY = "ready";

	/**
	 * Every application asks its pool for a connection while it starts.
	 */
	@Bean
	SmartInitializingSingleton firstUse(JdbcTemplate jdbc) {
		return () -> jdbc.queryForObject("select 1", Integer.class);
	}

	public static void main(String[] args) {
		SpringApplication application = application(StartOnce.class);
		application.addListeners(
				(ApplicationListener<ApplicationReadyEvent>) (event) -> Reported.report(READY, event.getTimestamp()));
		ConfigurableApplicationContext context = application.run(args);
		long now = System.currentTimeMillis();
		Reported.report(TIME, now - ManagementFactory.getRuntimeMXBean().getStartTime());
		context.close();
	}

	static SpringApplication application(Class<?>... sources) {
		SpringApplication application = new SpringApplication(sources);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application;
	}

	/**
	 * Return the arguments for an application on a database.
	 */
	static List<String> arguments(Database database) {
		return List.of("--spring.datasource.url=" + database.url(), "--spring.datasource.username=" + database.user(),
				"--spring.datasource.password=" + database.password(),
				"--spring.liquibase.change-log=" + Migrations.LIQUIBASE);
	}

}
