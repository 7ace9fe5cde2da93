package io.github.migrateboot.sample;

import java.net.URI;
import java.util.List;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The orders over REST.
 */
@RestController
@RequestMapping("/orders")
class OrderController {

	private final Orders orders;

	private final Customers customers;

	private final Products products;

	OrderController(Orders orders, Customers customers, Products products) {
		this.orders = orders;
		this.customers = customers;
		this.products = products;
	}

	@GetMapping
	List<Order> withStatus(@RequestParam(defaultValue = "open") String status) {
		return this.orders.withStatus(status);
	}

	@GetMapping("/{id}")
	ResponseEntity<Order> find(@PathVariable String id) {
		return ResponseEntity.of(this.orders.find(id));
	}

	@PostMapping
	ResponseEntity<Order> place(@RequestBody NewOrder request) {
		if (this.customers.find(request.customerId()).isEmpty()) {
			throw badRequest("There is no customer " + request.customerId());
		}
		Order order = this.orders.place(request.customerId(), request.lines().stream().map(this::priced).toList());
		return ResponseEntity.created(URI.create("/orders/" + order.id())).body(order);
	}

	@PostMapping("/{id}/shipment")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void ship(@PathVariable String id) {
		if (!this.orders.ship(id)) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no open order " + id);
		}
	}

	private Order.Line priced(NewLine line) {
		if (line.quantity() <= 0) {
			throw badRequest("quantity must be above zero");
		}
		Product product = this.products.find(line.sku())
			.orElseThrow(() -> badRequest("There is no product " + line.sku()));
		return new Order.Line(product.sku(), line.quantity(), product.priceCents());
	}

	private ResponseStatusException badRequest(String reason) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, reason);
	}

	record NewOrder(String customerId, List<NewLine> lines) {

		NewOrder {
			lines = List.copyOf(lines);
		}

	}

	record NewLine(String sku, int quantity) {

	}

}
