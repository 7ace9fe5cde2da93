package io.github.migrateboot.database;

import org.jspecify.annotations.Nullable;

/**
 * Where a connection leads. Two connections with equal destinations see the same tables.
 *
 * @param server identifies the server, or the file
 * @param database the database's name
 * @param schema the schema that the connection names, else the current one, or
 * {@code null} where there is none
 * @param searchedFor the user for whom the schema was found on a search path that the
 * connection has not named, or {@code null} if it has
 */
public record ConnectionTarget(String server, String database, @Nullable String schema, @Nullable String searchedFor) {

	/**
	 * Create a destination whose schema is certain.
	 * @param server identifies the server, or the file
	 * @param database the database's name
	 * @param schema the schema, or {@code null} where there is none
	 */
	public ConnectionTarget(String server, String database, @Nullable String schema) {
		this(server, database, schema, null);
	}

	/**
	 * Return whether another connection leads there. If both search for the same user,
	 * their schemas differ only because something was changed between the two.
	 * @param other where the other connection leads
	 * @return whether it does
	 */
	public boolean isSameAs(ConnectionTarget other) {
		return this.server.equals(other.server) && this.database.equals(other.database)
				&& (equal(this.schema, other.schema)
						|| (equal(this.searchedFor, other.searchedFor) && this.searchedFor != null));
	}

	private static boolean equal(@Nullable String one, @Nullable String other) {
		return (one != null) ? one.equals(other) : other == null;
	}

	@Override
	public String toString() {
		return "database " + this.database + ((this.schema != null) ? ", schema " + this.schema : "") + " of "
				+ this.server;
	}

}
