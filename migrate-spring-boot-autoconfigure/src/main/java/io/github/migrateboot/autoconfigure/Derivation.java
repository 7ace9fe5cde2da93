package io.github.migrateboot.autoconfigure;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

import javax.sql.DataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.UserCredentialsDataSourceAdapter;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * How a {@link DataSource} connects, as far as it can be told from outside.
 *
 * @param connector connects as it does
 * @param certain whether that is known; otherwise a connection has to be compared with
 * one of the DataSource
 */
record Derivation(DirectConnector connector, boolean certain) {

	private static final Logger logger = LoggerFactory.getLogger(Derivation.class);

	/** Where {@code getConnection()} does nothing but connect, pool or delegate. */
	private static final List<String> KNOWN = List.of("com.zaxxer.hikari.", "org.apache.tomcat.jdbc.pool.",
			"org.apache.commons.dbcp2.", "org.springframework.jdbc.datasource.");

	/**
	 * Derive how a DataSource connects, looking through proxies and wrappers.
	 * @param dataSource the application's DataSource
	 * @return empty if it does not tell, or if somebody has written a way of connecting
	 * of their own, to which what it is written around is not equivalent
	 */
	static Optional<Derivation> of(DataSource dataSource) {
		DataSource link = dataSource;
		Likeness likeness = Likeness.of(link);
		while (likeness == Likeness.EQUAL && link instanceof DelegatingDataSource wrapper
				&& wrapper.getTargetDataSource() != null) {
			link = wrapper.getTargetDataSource();
			likeness = Likeness.of(link);
		}
		if (likeness == Likeness.DIFFERENT) {
			return Optional.empty();
		}
		boolean certain = likeness == Likeness.EQUAL;
		try {
			return DirectConnector.derivedFrom(dataSource)
				.map((connector) -> new Derivation(connector.withCurrentCredentials(), certain));
		}
		catch (RuntimeException ex) {
			logger.debug("The pool's provider of credentials has failed ({})", ex.getClass().getName());
			return Optional.empty();
		}
	}

	/**
	 * What one link of the chain to the driver does with connections.
	 */
	private enum Likeness {

		/**
		 * They are what its settings, or the next link, say.
		 */
		EQUAL,

		/**
		 * It may only observe them, or do anything.
		 */
		UNKNOWN,

		/**
		 * They are the work of code that was put before what is known.
		 */
		DIFFERENT;

		static Likeness of(DataSource link) {
			if (link instanceof UserCredentialsDataSourceAdapter) {
				return DIFFERENT;
			}
			if (isKnown(link.getClass())) {
				return EQUAL;
			}
			Method connecting = ReflectionUtils.findMethod(link.getClass(), "getConnection");
			boolean own = connecting != null && isWrittenBefore(connecting.getDeclaringClass());
			return own ? DIFFERENT : UNKNOWN;
		}

		private static boolean isWrittenBefore(Class<?> connecting) {
			Class<?> base = connecting;
			while (base != null && !isKnown(base)) {
				base = base.getSuperclass();
			}
			return base != null && base != connecting && !isProxy(connecting);
		}

		private static boolean isKnown(Class<?> type) {
			return KNOWN.stream().anyMatch(type.getName()::startsWith) && !isProxy(type);
		}

		private static boolean isProxy(Class<?> type) {
			return type.getName().contains(ClassUtils.CGLIB_CLASS_SEPARATOR);
		}

	}

}
