package io.github.migrateboot.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.ReadOnlyDatabaseException;
import io.github.migrateboot.failure.UnsupportedDatabaseException;
import io.github.migrateboot.script.SqlRules;
import io.github.migrateboot.script.SqlSyntax;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server that speaks MySQL's protocol what it really is, and refuses those on
 * which two instances could migrate at once.
 *
 * @param flavor what it is taken for
 * @param connection the connection to ask on
 * @param writes whether what refuses to write is refused
 */
record MySqlProbe(MySqlFlavor flavor, Connection connection, boolean writes) {

	private static final Pattern VERSION = Pattern.compile("(?:5\\.5\\.5-)?(\\d+)\\.(\\d+).*", Pattern.DOTALL);

	private static final Pattern LOOK_ALIKES = Pattern
		.compile("TiDB|Vitess|PlanetScale|SingleStore|MemSQL|OceanBase|Doris|StarRocks|Dolt|TDDL|PolarDB-X|ClickHouse"
				+ "|MySQL Cluster|-cluster", Pattern.CASE_INSENSITIVE);

	Server probe() throws SQLException {
		List<@Nullable String> answer;
		try {
			answer = Jdbc.onlyRow(this.connection, probeQuery());
		}
		catch (SQLException ex) {
			// Not all of it is known to a look-alike, an old version or the other one
			List<@Nullable String> product = Jdbc.onlyRow(this.connection, "SELECT VERSION(), @@version_comment");
			MySqlFlavor actual = recognize(product);
			if (actual != this.flavor) {
				return new MySqlProbe(actual, this.connection, this.writes).probe();
			}
			throw ex;
		}
		MySqlFlavor actual = recognize(answer);
		if (actual != this.flavor) {
			return new MySqlProbe(actual, this.connection, this.writes).probe();
		}
		List<String> signs = List.of(Jdbc.text(answer, 4).split(","));
		requireOneWriter(signs);
		if (this.writes) {
			requireWritable(Jdbc.text(answer, 5));
		}
		SessionProbe session = new MySqlSessionProbe(this.flavor, Long.parseLong(Jdbc.text(answer, 6)),
				Jdbc.text(answer, 2), Jdbc.text(answer, 7), System.nanoTime());
		String version = Jdbc.text(answer, 0);
		SqlRules rules = new SqlRules(SqlSyntax.MYSQL, version, Jdbc.text(answer, 8), Jdbc.text(answer, 9));
		return new Server(new MySql(this.flavor, isGalera(signs), rules, !"0".equals(Jdbc.text(answer, 10))), version,
				MySqlSessions.target(answer, 2), Server.Reach.SHARED, session);
	}

	private boolean isGalera(List<String> signs) {
		boolean galera = signs.contains("wsrep_on");
		if (galera && this.flavor == MySqlFlavor.MYSQL) {
			throw new UnsupportedDatabaseException(
					"The server is a node of a Galera cluster (wsrep_on is ON), on which GET_LOCK is local to a node: "
							+ "two instances connected to two nodes would migrate at once.",
					"Run the migrations against a server that is not part of a Galera cluster, or use MariaDB Galera.");
		}
		return galera;
	}

	private String probeQuery() {
		return "SELECT VERSION(), @@version_comment, " + MySqlSessions.targetColumns(this.flavor) + ", "
				+ statusColumns() + ", CONNECTION_ID(), CURRENT_USER(), @@session.sql_mode, @@global.sql_mode, EXISTS ("
				+ MySqlInspection.TABLES_WITHOUT_TRANSACTIONS + ")";
	}

	private String statusColumns() {
		return "(SELECT GROUP_CONCAT(LOWER(variable_name)) FROM " + this.flavor.variablesSchema() + ".global_variables"
				+ " WHERE (variable_name = 'wsrep_on' AND variable_value = 'ON')"
				+ " OR (variable_name = 'group_replication_single_primary_mode' AND variable_value = 'OFF')"
				+ " OR (variable_name = 'group_replication_group_name' AND variable_value <> '')), "
				+ this.flavor.readOnlyExpression();
	}

	private static MySqlFlavor recognize(List<@Nullable String> product) {
		return recognize(Jdbc.text(product, 0), String.valueOf(product.get(1)));
	}

	/**
	 * Return which of the two a server is, by its own words.
	 */
	static MySqlFlavor recognize(String version, String comment) {
		if (LOOK_ALIKES.matcher(version).find() || LOOK_ALIKES.matcher(comment).find()) {
			throw new UnsupportedDatabaseException(
					"The server speaks MySQL's protocol but says that it is '%s' (%s). ".formatted(version, comment)
							+ "On such servers GET_LOCK is missing or does not reach every node, so two instances "
							+ "could migrate at once.",
					"Use MySQL 8.4 or later or MariaDB 10.6 or later.");
		}
		MySqlFlavor flavor = MySqlFlavor.of(version);
		Matcher matcher = VERSION.matcher(version);
		if (!matcher.matches()
				|| !flavor.supports(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))) {
			throw new UnsupportedDatabaseException(
					"The server is %s %s, which is too old.".formatted(flavor.displayName(), version),
					"%s %s or later is supported. Upgrade the server.".formatted(flavor.displayName(),
							flavor.oldest()));
		}
		return flavor;
	}

	private void requireOneWriter(List<String> signs) throws SQLException {
		if (signs.contains("group_replication_single_primary_mode") && signs.contains("group_replication_group_name")
				&& isMember()) {
			throw new UnsupportedDatabaseException(
					"The server is a member of a replication group in multi-primary mode "
							+ "(group_replication_single_primary_mode is OFF), in which GET_LOCK is local to a member: "
							+ "two instances connected to two members would migrate at once.",
					"Switch the group to single-primary mode.");
		}
	}

	private boolean isMember() throws SQLException {
		try {
			return !"0".equals(Jdbc
				.text(Jdbc.onlyRow(this.connection, "SELECT COUNT(*) FROM performance_schema.replication_group_members"
						+ " WHERE member_id = @@server_uuid AND member_state <> 'OFFLINE'"), 0));
		}
		catch (SQLException ex) {
			if (new MySqlErrors().isPermissionDenied(ex)) {
				// It cannot be seen that the member is offline, so it may be online
				return true;
			}
			throw ex;
		}
	}

	private void requireWritable(String setting) {
		if (!setting.isEmpty()) {
			String description = "The %s server refuses to write: %s is ON.".formatted(this.flavor.displayName(),
					setting);
			if (setting.startsWith("transaction") || setting.startsWith("tx_")) {
				throw new UnsupportedDatabaseException(description,
						"Switch it off for migrations; the pool, its init SQL or the URL sets the session to read-only.");
			}
			throw new ReadOnlyDatabaseException(description,
					"Connect to the primary, or switch %s off.".formatted(setting));
		}
	}

}
