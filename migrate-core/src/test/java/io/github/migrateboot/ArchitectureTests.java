package io.github.migrateboot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.github.migrateboot.database.Instance;
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

	private static final String[] PACKAGES = { "failure", "safety", "script", "database", "history", "connection",
			"lock", "observation", "settings", "status", "plan", "engine", "engine.plan", "engine.execution",
			"engine.apply", "engine.run", "root" };

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
	// @formatter:off
		"failure          |",
		"safety           |",
		"script           | failure",
		"database         | failure, script",
		"history          | failure, database",
		"connection       | failure, script, database",
		"lock             | failure, script, database, connection",
		"observation      | script, database",
		"settings         | failure, database, lock",
		"status           | failure, database, lock",
		"plan             | failure, safety, lock",
		"engine.plan      | failure, safety, plan, script, database, history, lock, observation, settings, connection",
		"engine.execution | failure, safety, plan, script, database, history, lock, observation, settings, status, connection, engine.plan",
		"engine.apply     | failure, safety, plan, script, database, history, lock, observation, settings, status, connection, engine.plan, engine.execution",
		"engine.run       | failure, safety, plan, script, database, history, lock, observation, settings, status, connection, engine.plan, engine.execution, engine.apply",
		"root             | failure, safety, plan, script, database, history, lock, observation, settings, status, connection, engine.plan, engine.execution, engine.apply, engine.run"
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
	void classesAreFreeOfCycles() {
		slices().assignedFrom(new TopLevelClasses()).should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void noNumberIsWordedInTheLanguageOfTheJvm() throws IOException {
		Pattern number = Pattern.compile("%(\\d+\\$)?[-#+ 0,(]*\\d*(\\.\\d+)?[dfeEgG](?!\\w)");
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			assertThat(files.filter((file) -> file.toString().endsWith(".java")).flatMap(ArchitectureTests::lines))
				.hasSizeGreaterThan(1000)
				.filteredOn((line) -> number.matcher(line).find())
				.allMatch((line) -> line.contains("Locale.ROOT"), "uses only %%s, or says Locale.ROOT");
		}
	}

	private static Stream<String> lines(Path file) {
		try {
			return Files.readAllLines(file).stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void theEngineIsEnteredByTheRootOnly() {
		noClasses().that()
			.resideOutsideOfPackages(ROOT, ROOT + ".engine..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(ROOT + ".engine..")
			.check(CLASSES);
	}

	@Test
	void theRootIsWhatAnApplicationCalls() {
		assertThat(topLevel().filter((type) -> type.getPackageName().equals(ROOT))).hasSizeBetween(1, 12)
			.allMatch((type) -> type.getModifiers().contains(JavaModifier.PUBLIC));
	}

	@Test
	void nothingIsMadeFromMoreThanSevenThings() {
		assertThat(CLASSES.stream()
			.filter((type) -> !type.isAssignableTo(Enum.class) && !isPlainValue(type))
			.flatMap((type) -> type.getConstructors().stream())
			.filter((constructor) -> constructor.getRawParameterTypes().size() > 7)
			.map(JavaConstructor::getFullName)).isEmpty();
	}

	/**
	 * A record of values: of the JDK, enums, other such records, or an {@link Instance},
	 * which is none only because it looks up its host's name when it is needed.
	 */
	private static boolean isPlainValue(JavaClass type) {
		return type.isRecord() && type.getFields()
			.stream()
			.filter((field) -> !field.getModifiers().contains(JavaModifier.STATIC))
			.map((field) -> field.getRawType())
			.allMatch((component) -> component.isPrimitive() || component.isEnum()
					|| component.getPackageName().startsWith("java.") || component.isAssignableTo(Throwable.class)
					|| component.isEquivalentTo(Instance.class) || isPlainValue(component));
	}

	private static Stream<JavaClass> topLevel() {
		return CLASSES.stream()
			.filter((type) -> type.getEnclosingClass().isEmpty() && !type.getSimpleName().equals("package-info"));
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

	/**
	 * One slice for each top-level class, with what is nested in it.
	 */
	private static final class TopLevelClasses implements SliceAssignment {

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			return type.getPackageName().startsWith(ROOT) ? SliceIdentifier.of(topLevel(type).getName())
					: SliceIdentifier.ignore();
		}

		private static JavaClass topLevel(JavaClass type) {
			return type.getEnclosingClass().map(TopLevelClasses::topLevel).orElse(type);
		}

		@Override
		public String getDescription() {
			return "each top-level class";
		}

	}

}
