package io.github.migrateboot.sample;

import javax.sql.DataSource;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A second database, for shipped orders that are kept. {@code migrate.databases} names
 * both.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("sample.archive.jdbc-url")
class ArchiveConfiguration {

	/**
	 * Not a candidate where any {@code DataSource} is asked for, so that the one of
	 * {@code spring.datasource} is there as well and is what the repositories use.
	 */
	@Bean(defaultCandidate = false)
	@ConfigurationProperties("sample.archive")
	DataSource archiveDataSource() {
		return DataSourceBuilder.create().build();
	}

}
