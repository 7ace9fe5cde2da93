package io.github.migrateboot.autoconfigure;

import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;

/**
 * Says why nothing runs in an application with several DataSources.
 */
final class AmbiguousDataSourceListener extends ApplicationReadyListener {

	private static final Logger logger = LoggerFactory.getLogger(AmbiguousDataSourceListener.class);

	private final boolean enabled;

	private final ApplicationContext context;

	AmbiguousDataSourceListener(boolean enabled, ApplicationContext context) {
		super(context);
		this.enabled = enabled;
		this.context = context;
	}

	@Override
	void onReady() {
		if (this.enabled) {
			String[] names = BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.context, DataSource.class);
			logger.info(
					"Migrations do not run: there are {} DataSource beans ({}) and none of them is the primary one."
							+ " Mark one as @Primary, or define a bean of type MigrationConnections or Migrator.",
					names.length, String.join(", ", names));
		}
	}

}
