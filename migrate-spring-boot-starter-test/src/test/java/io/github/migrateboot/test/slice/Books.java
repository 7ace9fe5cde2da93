package io.github.migrateboot.test.slice;

import org.springframework.data.repository.ListCrudRepository;

/**
 * The books.
 */
interface Books extends ListCrudRepository<Book, Long> {

}
