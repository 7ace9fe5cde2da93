package io.github.migrateboot.database;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.github.migrateboot.database.TablePlaces.Place;
import org.jspecify.annotations.Nullable;

/**
 * The search path of a session of PostgreSQL.
 * <p>
 * A path that the connection has named, by its URL, its pool or init SQL, means its first
 * schema, existing or not, as for dbmate. Any other one (the server's, the database's,
 * the role's) may be another one for the next connection, and which of its schemas comes
 * first may hang on which of them exist; both are what a migration can change.
 *
 * @param setting the path
 * @param source what has set it, as {@code pg_settings} says
 */
record PostgreSqlSearchPath(String setting, String source, List<CatalogRow> schemas) {

	private static final String USER = "$user";

	/** {@code SET} or a start parameter, such as {@code currentSchema} or options. */
	private static final Set<String> CONNECTION = Set.of("client", "session");

	/** Beside the flags of {@link CatalogRow}: the place on the path. */
	private static final int PLACE = 8;

	static PostgreSqlSearchPath of(List<CatalogRow> rows) {
		List<CatalogRow> schemas = rows.stream()
			.filter((row) -> row.name() != null && !row.name().startsWith("pg_"))
			.sorted(Comparator.comparingInt((row) -> row.flags() / PLACE))
			.toList();
		CatalogRow any = rows.get(0);
		return new PostgreSqlSearchPath(Objects.requireNonNullElse(any.first(), ""),
				Objects.requireNonNullElse(any.second(), ""), schemas);
	}

	/**
	 * Return the schema that the connection has named, or {@code null} if it hasn't. To
	 * name the user's own is to name the one that there may be.
	 */
	@Nullable String named() {
		if (!CONNECTION.contains(this.source)) {
			return null;
		}
		for (String name : PostgreSqlSession.names(this.setting)) {
			if (!name.isEmpty() && !name.startsWith("pg_")) {
				return name.equals(USER) ? null : name;
			}
		}
		return PostgreSqlSession.firstSchema("");
	}

	TablePlaces places(TableName table) {
		String named = named();
		if (named != null) {
			return new TablePlaces(List.of(this.schemas.stream()
				.filter((row) -> named.equals(row.name()))
				.findFirst()
				.map((row) -> Place.of(new TableName(named, table.name()), row))
				.orElseGet(() -> new Place(new TableName(named, table.name()), null, false, false))));
		}
		if (this.schemas.isEmpty()) {
			// It need not exist, nor be one that may be used.
			return new TablePlaces(List
				.of(new Place(searched(PostgreSqlSession.firstSchema(this.setting), table), null, false, false)));
		}
		return new TablePlaces(this.schemas.stream().map((row) -> Place.of(searched(row.name(), table), row)).toList());
	}

	private static TableName searched(@Nullable String schema, TableName table) {
		return new TableName(schema, table.name(), true);
	}

}
