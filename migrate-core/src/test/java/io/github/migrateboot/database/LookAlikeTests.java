package io.github.migrateboot.database;

import io.github.migrateboot.failure.UnsupportedDatabaseException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for what servers say about themselves, as documented by their makers or seen on
 * them.
 */
class LookAlikeTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu, built 2024/05/15 21:28:29, go1.22.2)                                                                        | 130000
					PostgreSQL 11.2-YB-2.20.1.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 16.0.6, 64-bit                                                           | 110002
					PostgreSQL 15.12-YB-2025.1.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 17.0.6, 64-bit                                                        | 150012
					PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.12103                                 | 80002
					PostgreSQL 14.4 (Apache Cloudberry 2.0.0 build dev) on x86_64-pc-linux-gnu, compiled by gcc (GCC) 11, 64-bit                                              | 140004
					PostgreSQL 12.12 (Greenplum Database 7.1.0 build commit:e7c2b1f) on x86_64-pc-linux-gnu, compiled by gcc, 64-bit                                          | 120012
					PostgreSQL 9.5.0 on x86_64-unknown-linux-gnu (Materialize v0.130.0)                                                                                       | 90500
					PostgreSQL 13.14.0-RisingWave-2.1.0 (9b4b4f4)                                                                                                             | 130014
					PostgreSQL 16                                                                                                                                             | 160000
					PostgreSQL 14.1                                                                                                                                           | 140001
					CrateDB 5.9.0 (built 1234567/2024-10-01T10:00:00Z, Linux 6.1 amd64, OpenJDK 64-Bit Server VM 22.0.2+9)                                                    | 140000
					""")
	void refusesWhatIsNotPostgreSql(String version, int number) {
		assertThatExceptionOfType(UnsupportedDatabaseException.class)
			.isThrownBy(() -> PostgreSqlProbe.requireSupported(version, number))
			.satisfies((ex) -> assertThat(ex.getDescription()).contains(version, "advisory locks"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					PostgreSQL 13.22 (Debian 13.22-1.pgdg12+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit | 130022 | 13.22
					PostgreSQL 9.6.24 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 4.8.5, 64-bit                                        | 90624  | 9.6.24
					""")
	void refusesOldPostgreSql(String version, int number, String shown) {
		assertThatExceptionOfType(UnsupportedDatabaseException.class)
			.isThrownBy(() -> PostgreSqlProbe.requireSupported(version, number))
			.satisfies((ex) -> {
				assertThat(ex.getDescription()).isEqualTo("The server is PostgreSQL " + shown + ", which is too old.");
				assertThat(ex.getAction()).contains("PostgreSQL 14 or later");
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					PostgreSQL 14.0 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 8.5.0 20210514 (Red Hat 8.5.0-4), 64-bit                        | 140000
					PostgreSQL 17.2 on x86_64-windows, compiled by msvc-19.42.34435, 64-bit                                                       | 170002
					PostgreSQL 16.4 (EnterpriseDB Advanced Server 16.4.1) on x86_64-pc-linux-gnu, compiled by gcc (GCC) 11.4.1, 64-bit            | 160004
					PostgreSQL 17.2 - Percona Server for PostgreSQL 17.2.1 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 11.4.1, 64-bit           | 170002
					PostgreSQL 19devel on aarch64-apple-darwin24.0.0, compiled by Apple clang version 16.0.0, 64-bit                              | 190000
					""")
	void acceptsBuildsOfPostgreSql(String version, int number) {
		assertThatNoException().isThrownBy(() -> PostgreSqlProbe.requireSupported(version, number));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					8.0.11-TiDB-v8.5.0      | TiDB Server (Apache License 2.0) Community Edition, MySQL 8.0 compatible
					8.0.30-Vitess           | Version: 19.0.4
					8.0.34                  | SingleStoreDB source distribution (compatible; MySQL Enterprise & MySQL Commercial)
					5.7.25-OceanBase-v4.2.1 | OceanBase 4.2.1.0
					9.9.99                  | Apache Doris version doris-3.0.2
					8.4.33                  | StarRocks version 3.3.5
					8.4.33                  | Dolt
					8.4.3-cluster           | MySQL Cluster Community Server - GPL
					""")
	void refusesWhatIsNotMySql(String version, String comment) {
		assertThatExceptionOfType(UnsupportedDatabaseException.class)
			.isThrownBy(() -> MySqlProbe.recognize(version, comment))
			.satisfies((ex) -> assertThat(ex.getDescription()).contains(version, comment, "GET_LOCK"));
	}

	@ParameterizedTest
	@CsvSource({ "8.0.44,MySQL 8.0.44,MySQL 8.4", "5.7.44-log,MySQL 5.7.44-log,MySQL 8.4",
			"8.3.0,MySQL 8.3.0,MySQL 8.4", "10.5.29-MariaDB,MariaDB 10.5.29-MariaDB,MariaDB 10.6",
			"5.5.5-10.4.1-MariaDB-log,MariaDB 5.5.5-10.4.1-MariaDB-log,MariaDB 10.6" })
	void refusesOldMySqlAndMariaDb(String version, String shown, String oldest) {
		assertThatExceptionOfType(UnsupportedDatabaseException.class)
			.isThrownBy(() -> MySqlProbe.recognize(version, "Server"))
			.satisfies((ex) -> {
				assertThat(ex.getDescription()).isEqualTo("The server is " + shown + ", which is too old.");
				assertThat(ex.getAction()).contains(oldest + " or later");
			});
	}

	@ParameterizedTest
	@CsvSource({ "8.4.0,MySQL Community Server - GPL,mysql", "9.7.4,MySQL Enterprise Server,mysql",
			"8.4.3-3,Percona Server (GPL),mysql", "10.6.0-MariaDB-log,mariadb.org binary distribution,mariadb",
			"11.4.5-MariaDB,Source distribution,mariadb", "5.5.5-10.11.9-MariaDB,managed service,mariadb" })
	void tellsMySqlFromMariaDb(String version, String comment, String id) {
		assertThat(MySqlProbe.recognize(version, comment).id()).isEqualTo(id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.4.200", "1.3.176" })
	void refusesOldH2(String version) {
		assertThatExceptionOfType(UnsupportedDatabaseException.class)
			.isThrownBy(() -> H2Probe.requireSupported(version))
			.satisfies((ex) -> assertThat(ex.getDescription())
				.isEqualTo("The database is H2 " + version + ", which is too old."));
	}

}
