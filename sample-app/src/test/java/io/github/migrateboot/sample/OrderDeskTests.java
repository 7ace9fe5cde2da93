package io.github.migrateboot.sample;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

/**
 * The order desk over HTTP, on a fresh SQLite file.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class OrderDeskTests {

	@TempDir
	private static Path folder;

	@LocalServerPort
	private int port;

	private RestTestClient client;

	@DynamicPropertySource
	static void freshDatabase(DynamicPropertyRegistry registry) {
		registry.add("SAMPLE_SQLITE_FILE", () -> folder.resolve("orders.db").toString());
	}

	@BeforeEach
	void connect() {
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
	}

	@Test
	void addsAndFindsCustomer() {
		URI location = created("/customers", """
				{"name": "Ada Byron", "email": "ada@example.org"}""");
		this.client.get()
			.uri(location)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.name")
			.isEqualTo("Ada Byron")
			.jsonPath("$.email")
			.isEqualTo("ada@example.org");
		this.client.get()
			.uri("/customers")
			.exchange()
			.expectBody()
			.jsonPath("$[?(@.email == 'ada@example.org')]")
			.isNotEmpty();
	}

	@Test
	void doesNotFindUnknownCustomer() {
		this.client.get().uri("/customers/nobody").exchange().expectStatus().isNotFound();
	}

	@Test
	void offersProductsOfTheMigration() {
		this.client.get()
			.uri("/products")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.length()")
			.isEqualTo(3)
			.jsonPath("$[1].sku")
			.isEqualTo("DESK-1")
			.jsonPath("$[1].name")
			.isEqualTo("Standing desk; oak");
	}

	@Test
	void orderKeepsThePriceOfTheDayItWasPlaced() {
		changePrice("LAMP-1", 4100);
		URI order = created("/orders", """
				{"customerId": "%s", "lines": [{"sku": "LAMP-1", "quantity": 2}]}""".formatted(customer()));
		changePrice("LAMP-1", 4500);
		this.client.get()
			.uri(order)
			.exchange()
			.expectBody()
			.jsonPath("$.lines.length()")
			.isEqualTo(1)
			.jsonPath("$.lines[0].quantity")
			.isEqualTo(2)
			.jsonPath("$.lines[0].priceCents")
			.isEqualTo(4100);
		this.client.get().uri("/products/LAMP-1").exchange().expectBody().jsonPath("$.priceCents").isEqualTo(4500);
	}

	@Test
	void shipsAnOpenOrderOnce() {
		URI order = created("/orders", """
				{"customerId": "%s", "lines": [{"sku": "DESK-1", "quantity": 1}, {"sku": "CHAIR-1", "quantity": 4}]}"""
			.formatted(customer()));
		this.client.get().uri(order).exchange().expectBody().jsonPath("$.status").isEqualTo("open");
		this.client.post().uri(order + "/shipment").exchange().expectStatus().isNoContent();
		this.client.get().uri(order).exchange().expectBody().jsonPath("$.status").isEqualTo("shipped");
		this.client.post().uri(order + "/shipment").exchange().expectStatus().isNotFound();
		String id = order.getPath().substring("/orders/".length());
		this.client.get()
			.uri("/orders?status=shipped")
			.exchange()
			.expectBody()
			.jsonPath("$[?(@.id == '" + id + "')]")
			.isNotEmpty();
		this.client.get().uri("/orders").exchange().expectBody().jsonPath("$[?(@.id == '" + id + "')]").isEmpty();
	}

	@Test
	void refusesOrderOfUnknownCustomerOrProduct() {
		refuses("/orders", """
				{"customerId": "nobody", "lines": []}""");
		refuses("/orders", """
				{"customerId": "%s", "lines": [{"sku": "NOTHING-1", "quantity": 1}]}""".formatted(customer()));
		refuses("/orders", """
				{"customerId": "%s", "lines": [{"sku": "LAMP-1", "quantity": 0}]}""".formatted(customer()));
	}

	@Test
	void endpointAndReadinessSayThatMigrationsAreDone() {
		this.client.get()
			.uri("/actuator/migrate")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.databases.default.state")
			.isEqualTo("done");
		this.client.get().uri("/actuator/health/readiness").exchange().expectStatus().isOk();
	}

	private String customer() {
		return created("/customers", """
				{"name": "Grace", "email": "grace@example.org"}""").getPath().substring("/customers/".length());
	}

	private URI created(String path, String body) {
		return Objects.requireNonNull(this.client.post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.body(body)
			.exchange()
			.expectStatus()
			.isCreated()
			.returnResult(Void.class)
			.getResponseHeaders()
			.getLocation());
	}

	private void changePrice(String sku, long priceCents) {
		this.client.put()
			.uri("/products/{sku}/price", sku)
			.contentType(MediaType.APPLICATION_JSON)
			.body("{\"priceCents\": " + priceCents + "}")
			.exchange()
			.expectStatus()
			.isNoContent();
	}

	private void refuses(String path, String body) {
		this.client.post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.body(body)
			.exchange()
			.expectStatus()
			.isBadRequest();
	}

}
