package io.github.migrateboot.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RootDataSource}.
 */
class RootDataSourceTests {

	private final DataSource root = new DriverManagerDataSource("jdbc:h2:mem:root");

	@Test
	void isItselfIfNothingIsWrapped() {
		assertThat(RootDataSource.of(this.root)).isSameAs(this.root);
	}

	@Test
	void isBehindSpringsWrappersAndProxiesInAnyOrder() {
		ProxyFactory proxy = new ProxyFactory(new LazyConnectionDataSourceProxy(this.root));
		assertThat(RootDataSource.of(new DelegatingDataSource((DataSource) proxy.getProxy()))).isSameAs(this.root);
		assertThat(RootDataSource.of((DataSource) new ProxyFactory(this.root).getProxy())).isSameAs(this.root);
	}

	@Test
	void isBehindWrappersOfOthersThatTellIt() {
		assertThat(RootDataSource.of(new DelegatingDataSource(new Wrapper(this.root)))).isSameAs(this.root);
	}

	@Test
	void isTheWrapperThatCannotTell() {
		DataSource silent = new Wrapper(null);
		assertThat(RootDataSource.of(new DelegatingDataSource(silent))).isSameAs(silent);
		assertThat(RootDataSource.of((DataSource) new ProxyFactory(silent).getProxy())).isSameAs(silent);
		DataSource empty = new DelegatingDataSource();
		assertThat(RootDataSource.of(empty)).isSameAs(empty);
	}

	/**
	 * Knows JDBC's way of unwrapping only.
	 */
	private static final class Wrapper extends AbstractDataSource {

		private final DataSource target;

		Wrapper(DataSource target) {
			this.target = target;
		}

		@Override
		public Connection getConnection() throws SQLException {
			return this.target.getConnection();
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return this.target.getConnection(username, password);
		}

		@Override
		public boolean isWrapperFor(Class<?> type) {
			return true;
		}

		@Override
		public <T> T unwrap(Class<T> type) throws SQLException {
			if (this.target == null) {
				throw new SQLException("Unknown");
			}
			return type.cast(this.target);
		}

	}

}
