package io.github.migrateboot.autoconfigure;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * Whose a connection is and where it leads. Connections with equal traits see the same
 * tables with the same rights, and what they create belongs to the same owner.
 *
 * @param place the URL without parameters
 * @param user the user who has logged in
 * @param role the user whose rights count, or {@code null} if the database does not tell
 * @param catalog the current catalog, or {@code null} if there is none
 * @param schema the current schema, or {@code null} if there is none
 */
record SessionTraits(@Nullable String place, @Nullable String user, @Nullable String role, @Nullable String catalog,
		@Nullable String schema) {

	static SessionTraits of(Connection connection) throws SQLException {
		DatabaseMetaData metaData = connection.getMetaData();
		String url = metaData.getURL();
		return new SessionTraits((url != null) ? url.replaceFirst("[?;].*", "") : null, metaData.getUserName(),
				role(connection), connection.getCatalog(), connection.getSchema());
	}

	private static @Nullable String role(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("SELECT CURRENT_USER")) {
			return result.next() ? result.getString(1) : null;
		}
		catch (SQLException ex) {
			// SQLite has no users
			return null;
		}
		finally {
			if (!connection.getAutoCommit()) {
				connection.rollback();
			}
		}
	}

}
