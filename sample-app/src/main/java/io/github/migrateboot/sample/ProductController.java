package io.github.migrateboot.sample;

import java.util.List;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The products over REST.
 */
@RestController
@RequestMapping("/products")
class ProductController {

	private final Products products;

	ProductController(Products products) {
		this.products = products;
	}

	@GetMapping
	List<Product> all() {
		return this.products.all();
	}

	@GetMapping("/{sku}")
	ResponseEntity<Product> find(@PathVariable String sku) {
		return ResponseEntity.of(this.products.find(sku));
	}

	@PutMapping("/{sku}/price")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void changePrice(@PathVariable String sku, @RequestBody NewPrice request) {
		if (request.priceCents() <= 0) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "priceCents must be above zero");
		}
		if (!this.products.changePrice(sku, request.priceCents())) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND);
		}
	}

	record NewPrice(long priceCents) {

	}

}
