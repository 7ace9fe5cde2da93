package com.example.customers;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The smallest service is migrated before its first test.
 */
@SpringBootTest(properties = "spring.datasource.url=jdbc:h2:mem:customers")
@AutoConfigureMockMvc
class CustomersApplicationTests {

	@Test
	void servesWhatTheMigrationHasInserted(@Autowired MockMvcTester mvc) {
		assertThat(mvc.get().uri("/customers")).bodyJson().isEqualTo("[\"Ada\", \"Grace\"]");
	}

}
