package io.github.migrateboot.sample;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The customers in the database.
 */
@Repository
class Customers {

	private final JdbcClient jdbc;

	Customers(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	List<Customer> all() {
		return this.jdbc.sql("select id, name, email from customers order by name, id").query(Customer.class).list();
	}

	Optional<Customer> find(String id) {
		return this.jdbc.sql("select id, name, email from customers where id = ?")
			.param(id)
			.query(Customer.class)
			.optional();
	}

	Customer add(String name, String email) {
		Customer customer = new Customer(UUID.randomUUID().toString(), name, email);
		this.jdbc.sql("insert into customers (id, name, email) values (?, ?, ?)")
			.params(customer.id(), customer.name(), customer.email())
			.update();
		return customer;
	}

}
