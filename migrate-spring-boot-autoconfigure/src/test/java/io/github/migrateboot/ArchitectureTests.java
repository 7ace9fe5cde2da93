package io.github.migrateboot;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * What Spring Boot's side may use.
 */
class ArchitectureTests {

	private static final String ROOT = "io.github.migrateboot";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(ROOT + ".autoconfigure", ROOT + ".actuate", ROOT + ".output");

	@Test
	void theActuatorDoesNotKnowTheWiring() {
		noClasses().that()
			.resideInAPackage(ROOT + ".actuate..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(ROOT + ".autoconfigure..")
			.check(CLASSES);
	}

	@Test
	void whatIsWrittenKnowsNeitherOfThem() {
		noClasses().that()
			.resideInAPackage(ROOT + ".output..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(ROOT + ".autoconfigure..", ROOT + ".actuate..")
			.check(CLASSES);
	}

	@Test
	void theEngineIsNotEntered() {
		noClasses().should().dependOnClassesThat().resideInAPackage(ROOT + ".engine..").check(CLASSES);
	}

	@Test
	void packagesAreFreeOfCycles() {
		slices().matching(ROOT + ".(*)").should().beFreeOfCycles().check(CLASSES);
	}

}
