package io.github.migrateboot.sample;

import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The products in the database.
 */
@Repository
class Products {

	private final JdbcClient jdbc;

	Products(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	List<Product> all() {
		return this.jdbc.sql("select sku, name, price_cents from products order by sku").query(Product.class).list();
	}

	Optional<Product> find(String sku) {
		return this.jdbc.sql("select sku, name, price_cents from products where sku = ?")
			.param(sku)
			.query(Product.class)
			.optional();
	}

	boolean changePrice(String sku, long priceCents) {
		return this.jdbc.sql("update products set price_cents = ? where sku = ?").params(priceCents, sku).update() == 1;
	}

}
