package io.github.migrateboot.test.devtools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.github.migrateboot.autoconfigure.MigrateAutoConfiguration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An application whose developer adds a migration while it runs, once.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
		MigrateAutoConfiguration.class })
public class RestartedApplication {

	private final JdbcTemplate jdbc;

	private final Environment environment;

	RestartedApplication(JdbcTemplate jdbc, Environment environment) {
		this.jdbc = jdbc;
		this.environment = environment;
	}

	public static void main(String[] args) {
		SpringApplication.run(RestartedApplication.class, args);
	}

	@EventListener
	void onReady(ApplicationReadyEvent event) {
		List<String> versions = this.jdbc.queryForList("select version from schema_migrations order by 1",
				String.class);
		System.out.println("READY " + versions + " in " + getClass().getClassLoader().getClass().getSimpleName());
		if (versions.size() == 1) {
			add(Path.of(this.environment.getRequiredProperty("folder")));
			new Thread(() -> Restarter.getInstance().restart()).start();
		}
	}

	private static void add(Path folder) {
		try {
			Files.writeString(folder.resolve("2_second.sql"),
					"-- migrate:up\ncreate table second (id int);\n-- migrate:down\n");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
