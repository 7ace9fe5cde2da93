package io.github.migrateboot.test.phase;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application with JPA, jOOQ and {@code JdbcClient}.
 */
@SpringBootApplication
class LibraryApplication {

}
