package io.github.migrateboot.test.slice;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * What the migrations make a table for.
 *
 * @param id the number
 * @param title the title
 */
@Table("BOOK")
record Book(@Id long id, String title) {

}
