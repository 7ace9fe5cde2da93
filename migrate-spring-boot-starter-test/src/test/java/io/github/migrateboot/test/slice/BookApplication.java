package io.github.migrateboot.test.slice;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application that the slices are of.
 */
@SpringBootApplication
class BookApplication {

}
