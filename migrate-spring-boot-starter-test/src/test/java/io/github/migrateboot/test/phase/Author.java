package io.github.migrateboot.test.phase;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/**
 * A row of a table that migrations make.
 */
@Entity
class Author {

	@Id
	long id;

	@Column(nullable = false)
	String name = "";

}
