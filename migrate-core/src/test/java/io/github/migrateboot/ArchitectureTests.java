package io.github.migrateboot;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The directions in which packages may depend on each other.
 */
class ArchitectureTests {

	private static final String ROOT = "io.github.migrateboot";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT);

	private static final String[] PACKAGES = { "failure", "script", "database", "history", "connection", "lock",
			"settings", "status", "engine.plan", "engine.execution", "engine.apply", "engine.run", "root" };

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
	// @formatter:off
		"failure          |",
		"script           | failure",
		"database         | failure, script",
		"history          | failure, database",
		"connection       | failure, script, database",
		"lock             | failure, script, database, connection",
		"settings         | failure, database, lock",
		"status           | failure, database, lock",
		"engine.plan      | failure, script, database, history, lock, settings, connection",
		"engine.execution | failure, script, database, history, lock, settings, status, connection, engine.plan",
		"engine.apply     | failure, script, database, history, lock, settings, status, connection, engine.plan, engine.execution",
		"engine.run       | failure, script, database, history, lock, settings, status, connection, engine.plan, engine.execution, engine.apply",
		"root             | failure, script, database, history, lock, settings, status, connection, engine.plan, engine.execution, engine.apply, engine.run"
	// @formatter:on
	})
	void dependenciesPointOneWay(String name, String allowed) {
		Set<String> forbidden = new TreeSet<>(Arrays.asList(PACKAGES));
		forbidden.remove(name);
		Stream.ofNullable(allowed)
			.flatMap((names) -> Arrays.stream(names.split(",")))
			.map(String::strip)
			.forEach(forbidden::remove);
		String[] packages = forbidden.stream().map(ArchitectureTests::packageName).toArray(String[]::new);
		noClasses().that()
			.resideInAPackage(packageName(name))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(packages)
			.allowEmptyShould(true)
			.check(CLASSES);
	}

	@Test
	void everyPackageHasItsPlaceInTheHouse() {
		Set<String> known = new TreeSet<>();
		Arrays.stream(PACKAGES).map(ArchitectureTests::packageName).forEach(known::add);
		assertThat(packages().map(JavaPackage::getName)).isSubsetOf(known);
	}

	@Test
	void packagesAreFreeOfCycles() {
		slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void everyPackageIsNullMarked() {
		assertThat(packages()).isNotEmpty()
			.allMatch((candidate) -> candidate.isAnnotatedWith(NullMarked.class), "is @NullMarked");
	}

	private static Stream<JavaPackage> packages() {
		return CLASSES.stream().map((type) -> type.getPackage()).distinct();
	}

	private static String packageName(String name) {
		return "root".equals(name) ? ROOT : ROOT + "." + name;
	}

}
