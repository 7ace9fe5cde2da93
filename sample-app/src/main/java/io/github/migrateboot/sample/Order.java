package io.github.migrateboot.sample;

import java.time.Instant;
import java.util.List;

/**
 * What a customer has ordered.
 *
 * @param id the id that was given when it was placed
 * @param customerId who placed it
 * @param placedAt when
 * @param status {@code open} or {@code shipped}
 * @param lines the products, with the price of that day
 */
record Order(String id, String customerId, Instant placedAt, String status, List<Line> lines) {

	Order {
		lines = List.copyOf(lines);
	}

	/**
	 * One product of an order.
	 *
	 * @param sku the article number
	 * @param quantity how many of it
	 * @param priceCents the price of one
	 */
	record Line(String sku, int quantity, long priceCents) {

	}

}
