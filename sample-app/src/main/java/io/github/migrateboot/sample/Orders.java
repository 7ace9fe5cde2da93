package io.github.migrateboot.sample;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/**
 * The orders in the database.
 */
@Repository
class Orders {

	private static final String SELECT = "select id, customer_id, placed_at, status from orders ";

	private final JdbcClient jdbc;

	Orders(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	List<Order> withStatus(String status) {
		return this.jdbc.sql(SELECT + "where status = ? order by placed_at, id")
			.param(status)
			.query(Row.class)
			.list()
			.stream()
			.map(this::order)
			.toList();
	}

	Optional<Order> find(String id) {
		return this.jdbc.sql(SELECT + "where id = ?").param(id).query(Row.class).optional().map(this::order);
	}

	@Transactional
	public Order place(String customerId, List<Order.Line> lines) {
		Order order = new Order(UUID.randomUUID().toString(), customerId,
				Instant.now(Clock.systemUTC()).truncatedTo(ChronoUnit.MILLIS), "open", lines);
		this.jdbc.sql("insert into orders (id, customer_id, placed_at, status) values (?, ?, ?, ?)")
			.params(order.id(), order.customerId(), order.placedAt().toEpochMilli(), order.status())
			.update();
		int number = 0;
		for (Order.Line line : lines) {
			this.jdbc.sql(
					"insert into order_lines (order_id, line_number, sku, quantity, price_cents) values (?, ?, ?, ?, ?)")
				.params(order.id(), ++number, line.sku(), line.quantity(), line.priceCents())
				.update();
		}
		return order;
	}

	boolean ship(String id) {
		return this.jdbc.sql("update orders set status = 'shipped' where id = ? and status = 'open'")
			.param(id)
			.update() == 1;
	}

	private Order order(Row row) {
		return new Order(row.id(), row.customerId(), Instant.ofEpochMilli(row.placedAt()), row.status(),
				lines(row.id()));
	}

	private List<Order.Line> lines(String orderId) {
		return this.jdbc
			.sql("select sku, quantity, price_cents from order_lines where order_id = ? order by line_number")
			.param(orderId)
			.query(Order.Line.class)
			.list();
	}

	private record Row(String id, String customerId, long placedAt, String status) {

	}

}
