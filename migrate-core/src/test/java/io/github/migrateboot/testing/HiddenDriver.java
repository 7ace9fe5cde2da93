package io.github.migrateboot.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;

import io.github.migrateboot.connection.MigrationConnections;

/**
 * Connections whose driver can't be seen, because something wraps them and hides what it
 * wraps. Migrations are run by means of JDBC alone then, statement by statement.
 *
 * @param connections where the connections come from
 */
public record HiddenDriver(MigrationConnections connections) implements MigrationConnections {

	@Override
	public Connection borrow() throws SQLException {
		return hide(this.connections.borrow());
	}

	@Override
	public Optional<Connection> open(Map<String, String> driverProperties) throws SQLException {
		return this.connections.open(driverProperties).map(HiddenDriver::hide);
	}

	private static Connection hide(Connection connection) {
		return (Connection) Proxy.newProxyInstance(HiddenDriver.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("isWrapperFor")) {
						return false;
					}
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

}
