package io.github.migrateboot.script;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Credentials in SQL, of whatever database, and in what servers say about it.
 */
class SqlSecretsTests {

	private static final String SECRET = "Zauber-4711/lehrling";

	@ParameterizedTest
	@ValueSource(strings = { "create role x login password '%s'", "ALTER USER x WITH ENCRYPTED PASSWORD E'%s\\n'",
			"create user x password U&'%s'", "create role x password %s", "create role x password $q$x$q$ '%s'",
			"do $$ begin execute 'create role x password ''%s'''; end $$",
			"do $$ begin /* don't */ execute format('create role x password %%L', '%s'); end $$",
			"create user mapping for x server s options (user 'u', password '%s')",
			"create server s foreign data wrapper f options (host 'h', secret_key '%s')",
			"alter server s options (set sslcert '%s')",
			"create subscription s connection 'host=h password=%s' publication p",
			"alter subscription s connection 'user=u %s'", "alter system set primary_conninfo = 'host=h %s'",
			"select dblink_connect('x', 'host=h user=u pw=%s')", "select pgp_sym_encrypt('data', '%s')",
			"select set_config('app.jwt_secret', '%s', false)", "alter database d set app.api_key = '%s'",
			"copy t from program 'curl -u me:%s localhost'", "insert into users (name, password) values ('joe', '%s')",
			"create user 'x'@'%%' identified by '%s'", "create user x identified by \"%s\"",
			"create user x identified with caching_sha2_password by '%s' replace 'old'",
			"create user x identified via ed25519 using password('%s')", "set password for 'x'@'h' = '%s'",
			"set password = password(\"%s\")", "grant all on *.* to x identified by '%s'",
			"change master to master_host='h', master_password='%s'",
			"change replication source to source_user='u', source_password=\"%s\"",
			"start group_replication user='u', password='%s'",
			"create server s foreign data wrapper mysql options (password '%s')",
			"clone instance from 'u'@'h':3306 identified by '%s'", "select aes_encrypt('x', '%s')", "pragma key = '%s'",
			"pragma rekey='%s'", "PRAGMA hexkey = \"%s\"", "attach database 'f.db' as o key '%s'",
			"alter user sa set password '%s'", "create user a salt x'00' hash '%s'",
			"create linked table l('org.h2.Driver', 'jdbc:h2:f', 'sa', '%s', 't')",
			"runscript from 'f' cipher aes password '%s'", "create role x /* 'it''s */ password '%s'",
			"create role x password 'a\\'%s'", "create role x -- don't\n password '%s'", "create role x password '%s",
			"create role x password 'first' valid until '%s'" })
	void literalsAreMasked(String sql) {
		String text = sql.replace("%s", SECRET).replace("%%", "%");
		assertThat(SqlSecrets.mask(text)).doesNotContain(SECRET).contains("***");
		assertThat(SqlExcerpt.of(text)).doesNotContain(SECRET);
		assertThat(SqlExcerpt.line(text)).doesNotContain(SECRET);
	}

	@ParameterizedTest
	@ValueSource(strings = { "create table t (a text default 'x')", "insert into t values ('it''s', \"x\")",
			"create index concurrently i on t (a)", "comment on table t is 'orders'" })
	void whatCarriesNoneIsLeftAsItIs(String sql) {
		assertThat(SqlSecrets.mask(sql)).isEqualTo(sql);
		assertThat(SqlExcerpt.of(sql)).isEqualTo(sql);
	}

	@Test
	void whatIsNoLiteralStays() {
		assertThat(SqlSecrets.mask("create role app login password 'x' connection limit 3"))
			.isEqualTo("create role app login password '***' connection limit 3");
	}

	@Test
	void aCutDoesNotUnmask() {
		String sql = "create role app password '" + "x".repeat(2000) + SECRET + "'";
		assertThat(SqlExcerpt.of(sql)).isEqualTo("create role app password '***'");
	}

	@Test
	void valuesAreMaskedInWhatTheServerSays() {
		String mysql = "You have an error in your SQL syntax; check the manual … near 'passwrd '" + SECRET
				+ "'' at line 1";
		assertThat(SqlSecrets.mask(mysql, "create user x identified by 'a', passwrd '" + SECRET + "'"))
			.doesNotContain(SECRET);
		String detail = "ERROR: null value …\n  Detail: Failing row contains (1, it's " + SECRET + ", null).";
		assertThat(SqlSecrets.mask(detail, "insert into users (password) values ('it''s " + SECRET + "')"))
			.doesNotContain(SECRET);
		String context = "ERROR: role \"x\" already exists\n  Where: SQL statement \"create role x password '" + SECRET
				+ "'\"\nPL/pgSQL function inline_code_block line 1";
		assertThat(SqlSecrets.mask(context)).doesNotContain(SECRET).contains("already exists", "inline_code_block");
		String key = "ERROR: duplicate key value\n  Detail: Key (api_key)=(" + SECRET + ") already exists.";
		assertThat(SqlSecrets.mask(key)).doesNotContain(SECRET).contains("already exists");
	}

	/**
	 * A stack trace is such a text.
	 */
	@Test
	void longTextsBehindAQuoteAreNoTrouble() {
		String text = "secret: select syntax error at or near \",\" " + "x ".repeat(100_000);
		assertThat(SqlSecrets.mask(text)).startsWith("secret: select syntax error at or near ").doesNotContain("x x");
	}

}
