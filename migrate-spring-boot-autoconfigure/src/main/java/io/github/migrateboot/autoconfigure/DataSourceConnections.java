package io.github.migrateboot.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import javax.sql.DataSource;

import io.github.migrateboot.connection.MigrationConnections;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.datasource.SmartDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * {@link MigrationConnections} of a {@link DataSource}, usually a pool. However it gets
 * its connections, the run can have them too: where none can be derived that is equal to
 * them, none is opened, and the run borrows.
 */
final class DataSourceConnections implements MigrationConnections {

	private static final Logger logger = LoggerFactory.getLogger(DataSourceConnections.class);

	private final DataSource dataSource;

	private final Map<String, String> driverProperties;

	/** What was refused or is not equal: tried again, it might lock the user out. */
	private volatile @Nullable DirectConnector useless;

	/** What a comparison has shown to be equal. */
	private volatile @Nullable DirectConnector equal;

	DataSourceConnections(DataSource dataSource) {
		this(dataSource, Map.of());
	}

	/**
	 * Create connections.
	 * @param dataSource the application's DataSource
	 * @param driverProperties driver properties of the connections outside the pool
	 */
	DataSourceConnections(DataSource dataSource, Map<String, String> driverProperties) {
		this.dataSource = dataSource;
		this.driverProperties = Map.copyOf(driverProperties);
	}

	DataSource dataSource() {
		return this.dataSource;
	}

	Object destination() {
		return Derivation.of(this.dataSource)
			.map((derivation) -> derivation.connector().destination())
			.orElse(this.dataSource);
	}

	@Override
	public Connection borrow() throws SQLException {
		// only the proxy asks a DataSource of a single connection whether to close it
		DataSource source = (this.dataSource instanceof SmartDataSource)
				? new TransactionAwareDataSourceProxy(this.dataSource) : this.dataSource;
		return ConnectErrors.connect(source);
	}

	/**
	 * A DataSource of a single connection would have none any more.
	 */
	@Override
	public void discard(Connection borrowed) {
		if (!(this.dataSource instanceof SmartDataSource)) {
			MigrationConnections.super.discard(borrowed);
			return;
		}
		try {
			borrowed.close();
		}
		catch (SQLException ex) {
			logger.debug("A borrowed connection could not be given back", ex);
		}
	}

	@Override
	public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
		// derived each time, because a pool's settings can be changed while it runs
		Derivation derivation = Derivation.of(this.dataSource).orElse(null);
		if (derivation == null || derivation.connector().isSameAs(this.useless)) {
			return Optional.empty();
		}
		Map<String, String> properties = new HashMap<>(this.driverProperties);
		properties.putAll(driverProperties);
		Connection connection;
		try {
			connection = derivation.connector().connect(properties);
		}
		catch (SQLException ex) {
			return borrowInstead(derivation, ex);
		}
		return (derivation.certain() || isEqual(derivation.connector(), connection)) ? Optional.of(connection)
				: Optional.empty();
	}

	private Optional<Connection> borrowInstead(Derivation derivation, SQLException failure) throws SQLException {
		if (ConnectErrors.isTooMany(failure)) {
			throw failure;
		}
		if (derivation.certain() && !ConnectErrors.isNotAuthenticated(failure)) {
			throw failure;
		}
		this.useless = derivation.connector();
		logger.info(
				"The DataSource connects in another way than its URL, user and password say (tried by themselves they"
						+ " end in SQLSTATE {}, code {}); migrations use one of its connections",
				failure.getSQLState(), failure.getErrorCode());
		return Optional.empty();
	}

	private boolean isEqual(DirectConnector connector, Connection connection) throws SQLException {
		if (connector.isSameAs(this.equal)) {
			return true;
		}
		boolean equal = false;
		try (Connection borrowed = borrow()) {
			equal = SessionTraits.of(borrowed).equals(SessionTraits.of(connection));
		}
		finally {
			if (!equal) {
				connection.close();
			}
		}
		if (equal) {
			this.equal = connector;
		}
		else {
			this.useless = connector;
			logger.info(
					"The connections of the DataSource are not those of its URL and user; migrations use one of them");
		}
		return equal;
	}

}
