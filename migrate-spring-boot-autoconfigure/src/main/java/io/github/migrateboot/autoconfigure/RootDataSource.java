package io.github.migrateboot.autoconfigure;

import java.sql.SQLException;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Finds the {@link DataSource} behind wrappers and proxies. Spring Boot's
 * {@code DataSourceUnwrapper} does it from 4.1 on.
 */
final class RootDataSource {

	private RootDataSource() {
	}

	/**
	 * Return what a DataSource is wrapped around in the end.
	 * @param dataSource a DataSource
	 * @return the innermost one that can be reached, possibly the same
	 */
	static DataSource of(DataSource dataSource) {
		DataSource root = dataSource;
		DataSource next = behind(root);
		while (next != null && next != root) {
			root = next;
			next = behind(root);
		}
		return root;
	}

	private static @Nullable DataSource behind(DataSource dataSource) {
		if (dataSource instanceof DelegatingDataSource wrapper && wrapper.getTargetDataSource() != null) {
			return wrapper.getTargetDataSource();
		}
		if (AopUtils.isAopProxy(dataSource)
				&& AopProxyUtils.getSingletonTarget(dataSource) instanceof DataSource target) {
			return target;
		}
		try {
			return dataSource.isWrapperFor(DataSource.class) ? dataSource.unwrap(DataSource.class) : null;
		}
		catch (SQLException | RuntimeException ex) {
			// it is all that can be reached then
			return null;
		}
	}

}
