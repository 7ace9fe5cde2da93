package io.github.migrateboot.test.slice;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * A row of the same table for JPA.
 */
@Entity
@Table(name = "book")
class BookEntity {

	@Id
	long id;

	@Column(nullable = false)
	String title = "";

}
