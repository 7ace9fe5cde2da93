package io.github.migrateboot.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Starts the order desk. Nothing here mentions migrations: the starter finds the files
 * and applies them.
 */
@SpringBootApplication
public class OrderDeskApplication {

	public static void main(String[] args) {
		SpringApplication.run(OrderDeskApplication.class, args);
	}

}
