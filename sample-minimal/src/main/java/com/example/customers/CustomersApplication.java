package com.example.customers;

import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class CustomersApplication {

	private final JdbcClient jdbc;

	CustomersApplication(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@GetMapping("/customers")
	List<String> names() {
		return this.jdbc.sql("select name from customers order by name").query(String.class).list();
	}

	public static void main(String[] args) {
		SpringApplication.run(CustomersApplication.class, args);
	}

}
