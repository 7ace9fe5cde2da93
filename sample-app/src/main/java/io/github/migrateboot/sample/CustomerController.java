package io.github.migrateboot.sample;

import java.net.URI;
import java.util.List;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The customers over REST.
 */
@RestController
@RequestMapping("/customers")
class CustomerController {

	private final Customers customers;

	CustomerController(Customers customers) {
		this.customers = customers;
	}

	@GetMapping
	List<Customer> all() {
		return this.customers.all();
	}

	@GetMapping("/{id}")
	ResponseEntity<Customer> find(@PathVariable String id) {
		return ResponseEntity.of(this.customers.find(id));
	}

	@PostMapping
	ResponseEntity<Customer> add(@RequestBody NewCustomer request) {
		Customer customer = this.customers.add(request.name(), request.email());
		return ResponseEntity.created(URI.create("/customers/" + customer.id())).body(customer);
	}

	record NewCustomer(String name, String email) {

	}

}
