package io.github.migrateboot.sample;

import java.io.IOException;

import io.github.migrateboot.test.MigrationChecks;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;

/**
 * The migrations hurt no order desk that is running meanwhile, or say why they may.
 */
class MigrationSafetyTests {

	@Test
	void migrationsHurtNoServiceThatIsRunning() throws IOException {
		try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
			MigrationChecks.of("classpath:db/migrations").against(server.getPostgresDatabase()).verifySafe();
		}
	}

}
