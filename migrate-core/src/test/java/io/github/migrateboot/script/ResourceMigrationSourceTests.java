package io.github.migrateboot.script;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

import io.github.migrateboot.failure.DuplicateVersionException;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.MalformedMigrationException;
import io.github.migrateboot.failure.MissingLocationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ResourceMigrationSource}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ResourceMigrationSourceTests {

	private static final String DEFAULT_LOCATION = "classpath:db/migrations";

	@TempDir
	private Path directory;

	private URLClassLoader classLoader = new URLClassLoader(new URL[0], null);

	@BeforeEach
	@AfterEach
	void closeClassLoader() throws IOException {
		this.classLoader.close();
	}

	@Test
	void sortsByTheBytesOfTheNames() throws IOException {
		classPath(folder("classes", "db/migrations/10_b.sql", "db/migrations/9_a.sql", "db/migrations/1.sql",
				"db/migrations/01_c.sql", "db/migrations/11_B.sql", "db/migrations/111.sql"));
		assertThat(list(DEFAULT_LOCATION)).extracting(MigrationFile::name)
			.containsExactly("01_c.sql", "1.sql", "10_b.sql", "111.sql", "11_B.sql", "9_a.sql");
	}

	@Test
	void sortsBytesWithoutSignAndNotByJavasOwnOrder() {
		Comparator<String> order = ResourceMigrationSource.byBytes();
		assertThat(order.compare("1_z.sql", "1_é.sql")).isNegative();
		assertThat(order.compare("1_\uffee.sql", "1_\ud83d\ude00.sql")).isNegative();
		assertThat("1_\uffee.sql").isGreaterThan("1_\ud83d\ude00.sql");
	}

	@ParameterizedTest
	@CsvSource({ "1.sql, 1", "0012_a.sql, 0012", "20260102030405_create_orders.sql, 20260102030405", "7x8.sql, 7",
			"123-a.b.sql, 123", "5.sql.sql, 5" })
	void takesTheLeadingDigitsAsVersion(String name, String version) throws IOException {
		classPath(folder("classes", "db/migrations/" + name));
		assertThat(list(DEFAULT_LOCATION)).singleElement().satisfies((file) -> {
			assertThat(file.name()).isEqualTo(name);
			assertThat(file.version()).isEqualTo(version);
			assertThat(file.description()).isEqualTo("class path resource [db/migrations/" + name + "]");
		});
	}

	@Test
	void passesOverOtherFilesAndFoldersBelow() throws IOException {
		Path classes = folder("classes", "db/migrations/1_a.sql", "db/migrations/V2__b.sql", "db/migrations/3_c.SQL",
				"db/migrations/4_d.sql.bak", "db/migrations/_5.sql", "db/migrations/٣_arabic.sql",
				"db/migrations/more/6_e.sql", "db/migrations/README.md");
		Files.createDirectories(classes.resolve("db/migrations/7_folder.sql"));
		classPath(classes, jar("a.jar", true, "db/migrations/8_a.sql", "db/migrations/more/9_b.sql"));
		assertThat(list(DEFAULT_LOCATION)).extracting(MigrationFile::name).containsExactly("1_a.sql", "8_a.sql");
		assertThat(list("file:" + classes.resolve("db/migrations"))).extracting(MigrationFile::name)
			.containsExactly("1_a.sql");
	}

	@Test
	void findsALocationInEveryRoot() throws IOException {
		classPath(folder("classes", "db/migrations/2_a.sql"), jar("a.jar", true, "db/migrations/1_a.sql"),
				jar("b.jar", true, "db/migrations/3_a.sql"), folder("more", "db/migrations/4_a.sql"));
		List<MigrationFile> files = list(DEFAULT_LOCATION);
		assertThat(files).extracting(MigrationFile::name).containsExactly("1_a.sql", "2_a.sql", "3_a.sql", "4_a.sql");
		assertThat(files).extracting((file) -> new String(file.read(), StandardCharsets.UTF_8))
			.containsExactly("-- db/migrations/1_a.sql", "-- db/migrations/2_a.sql", "-- db/migrations/3_a.sql",
					"-- db/migrations/4_a.sql");
	}

	@Test
	void findsALocationInAJarWithoutEntriesForFolders() throws IOException {
		classPath(folder("classes", "other/1_a.sql"),
				jar("a.jar", false, "db/migrations/1_a.sql", "da/migrations/2_a.sql", "x/db/migrations/3_a.sql"));
		assertThat(list(DEFAULT_LOCATION)).extracting(MigrationFile::name).containsExactly("1_a.sql");
	}

	@ParameterizedTest
	@ValueSource(strings = { "classpath:db/migrations", "db/migrations", "classpath*:db/migrations",
			"classpath:/db/migrations", "classpath:db/migrations/", "/db/migrations/", " classpath:db/migrations " })
	void understandsTheSpellingsOfALocationOnTheClassPath(String location) throws IOException {
		classPath(folder("classes", "db/migrations/1_a.sql"), jar("a.jar", true, "db/migrations/2_a.sql"));
		assertThat(list(location)).extracting(MigrationFile::description)
			.containsExactly("class path resource [db/migrations/1_a.sql]",
					"class path resource [db/migrations/2_a.sql]");
	}

	@Test
	void readsFilesWithSpecialCharactersInTheirPaths() throws IOException {
		String[] names = { "db/my migrations/1 a.sql", "db/my migrations/2_50%.sql", "db/my migrations/3_a#b.sql",
				"db/my migrations/4_ü.sql", "db/my migrations/5_a+b.sql", "db/my migrations/6_a%20b.sql",
				"db/my migrations/7_a?b.sql" };
		for (Path root : List.of(folder("with space + %41 #/classes", names), jar("a b + %41 #.jar", true, names))) {
			classPath(root);
			List<MigrationFile> files = list("classpath:db/my migrations");
			assertThat(files).extracting(MigrationFile::name)
				.containsExactly("1 a.sql", "2_50%.sql", "3_a#b.sql", "4_ü.sql", "5_a+b.sql", "6_a%20b.sql",
						"7_a?b.sql");
			assertThat(files).extracting((file) -> "-- db/my migrations/" + file.name())
				.containsExactlyElementsOf(
						files.stream().map((file) -> new String(file.read(), StandardCharsets.UTF_8)).toList());
		}
	}

	@Test
	void readsFilesOfTheFileSystem() throws IOException {
		Path folder = folder("with space & ü", "1_a b.sql", "2_b.sql");
		Path relative = Path.of("").toAbsolutePath().relativize(folder);
		for (String location : List.of("file:" + folder, "file://" + folder, "file:" + folder + "/", "file:" + relative,
				folder.toUri().toString())) {
			List<MigrationFile> files = list(location);
			assertThat(files).as(location).extracting(MigrationFile::name).containsExactly("1_a b.sql", "2_b.sql");
			assertThat(files.get(0).description()).isEqualTo("file [" + folder.resolve("1_a b.sql") + "]");
			assertThat(files.get(0).read()).asString().isEqualTo("-- 1_a b.sql");
		}
	}

	@Test
	void takesAPercentSignInAPathOfTheFileSystemLiterallyIfItCan() throws IOException {
		Path folder = folder("a%20b", "1_a.sql");
		assertThat(list("file:" + folder)).hasSize(1);
	}

	@Test
	void replacesTheVendor() throws IOException {
		classPath(folder("classes", "db/postgresql/1_a.sql", "db/mysql/2_a.sql"));
		Path folder = folder("files", "postgresql/3_a.sql");
		assertThat(list("classpath:db/{vendor}", "file:" + folder + "/{vendor}")).extracting(MigrationFile::name)
			.containsExactly("1_a.sql", "3_a.sql");
	}

	@Test
	void countsAFileOnceHoweverItIsReached() throws IOException {
		Path classes = folder("classes", "db/migrations/1_a.sql");
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), classes);
		Path jar = jar("a.jar", true, "db/migrations/2_a.sql");
		classPath(classes, link, jar, jar);
		assertThat(list(DEFAULT_LOCATION, "db/migrations", "file:" + classes.resolve("db/migrations")))
			.extracting(MigrationFile::name)
			.containsExactly("1_a.sql", "2_a.sql");
	}

	/**
	 * As dbmate does, which looks at names only.
	 */
	@Test
	void linksWithVersionsOfTheirOwnAreMigrationsOfTheirOwn() throws IOException {
		Path folder = folder("classes", "db/migrations/1_a.sql").resolve("db/migrations");
		Files.createSymbolicLink(folder.resolve("2_same.sql"), folder.resolve("1_a.sql"));
		assertThat(list("file:" + folder)).extracting(MigrationFile::name).containsExactly("1_a.sql", "2_same.sql");
	}

	@Test
	void refusesTwoFilesWithOneVersion() throws IOException {
		Path classes = folder("classes", "db/migrations/1_a.sql", "db/migrations/2_b.sql", "db/migrations/2_c.sql");
		classPath(classes);
		assertThatExceptionOfType(DuplicateVersionException.class).isThrownBy(() -> list(DEFAULT_LOCATION))
			.satisfies((ex) -> {
				assertThat(ex.getDescription()).contains("the same version 2",
						"class path resource [db/migrations/2_b.sql] ("
								+ classes.resolve("db/migrations/2_b.sql").toUri(),
						"class path resource [db/migrations/2_c.sql] ("
								+ classes.resolve("db/migrations/2_c.sql").toUri());
				assertThat(ex.getDescription()).doesNotContain("1_a.sql");
				assertThat(ex.getAction()).contains("rename");
			});
	}

	@Test
	void refusesTheSameNameInTwoRoots() throws IOException {
		Path jar = jar("a.jar", true, "db/migrations/1_a.sql");
		Path classes = folder("classes", "db/migrations/1_a.sql");
		classPath(classes, jar);
		assertThatExceptionOfType(DuplicateVersionException.class).isThrownBy(() -> list(DEFAULT_LOCATION))
			.satisfies((ex) -> assertThat(ex.getDescription()).contains(
					"class path resource [db/migrations/1_a.sql] (jar:file:" + jar + "!/db/migrations/1_a.sql)",
					"class path resource [db/migrations/1_a.sql] (" + classes.resolve("db/migrations/1_a.sql").toUri()
							+ ")"));
	}

	@Test
	void doesNotTakeVersionsForNumbers() throws IOException {
		classPath(folder("classes", "db/migrations/1_a.sql", "db/migrations/01_a.sql"));
		assertThat(list(DEFAULT_LOCATION)).extracting(MigrationFile::version).containsExactly("01", "1");
	}

	@Test
	void refusesMissingLocationsAndNamesEach() throws IOException {
		classPath(folder("classes", "db/migrations/1_a.sql"));
		Path missing = this.directory.resolve("missing");
		assertThatExceptionOfType(MissingLocationException.class)
			.isThrownBy(() -> list(DEFAULT_LOCATION, "classpath:db/{vendor}", "file:" + missing))
			.satisfies((ex) -> {
				assertThat(ex.getDescription()).isEqualTo(
						"The locations of migrations classpath:db/postgresql and file:" + missing + " do not exist.");
				assertThat(ex.getAction()).contains("migrate.locations", "migrate.enabled=false");
			});
		assertThatExceptionOfType(MissingLocationException.class).isThrownBy(() -> list("db/missing"))
			.satisfies((ex) -> assertThat(ex.getDescription())
				.isEqualTo("The location of migrations classpath:db/missing does not exist."));
	}

	@Test
	void refusesAFileAsLocation() throws IOException {
		Path file = folder("files", "1_a.sql").resolve("1_a.sql");
		assertThatExceptionOfType(MissingLocationException.class).isThrownBy(() -> list("file:" + file));
	}

	@Test
	void warnsOfAnEmptyLocation(CapturedOutput output) throws IOException {
		Path classes = folder("classes", "db/migrations/README.md", "other/1_a.sql");
		classPath(classes, jar("a.jar", true, "more/migrations/README.md"));
		assertThat(list(DEFAULT_LOCATION, "classpath:more/migrations", "classpath:other")).hasSize(1);
		assertThat(output)
			.contains("WARN", "The location of migrations classpath:db/migrations is empty",
					"The location of migrations classpath:more/migrations is empty")
			.doesNotContain("classpath:other");
	}

	@Test
	void readsNothingWhenItLists() throws IOException {
		Path folder = folder("files", "1_a.sql");
		MigrationFile file = list("file:" + folder).get(0);
		Files.writeString(folder.resolve("1_a.sql"), "later");
		assertThat(file.read()).asString().isEqualTo("later");
	}

	@Test
	void refusesAFileThatCannotBeRead() throws IOException {
		Path folder = folder("files", "1_a.sql");
		MigrationFile file = list("file:" + folder).get(0);
		Files.delete(folder.resolve("1_a.sql"));
		assertThatExceptionOfType(MalformedMigrationException.class).isThrownBy(file::read).satisfies((ex) -> {
			assertThat(ex.getDescription()).startsWith("file [" + folder.resolve("1_a.sql") + "] cannot be read:")
				.contains("FileNotFoundException: ");
			assertThat(ex.getAction()).contains("readable");
		});
	}

	@ParameterizedTest
	@CsvSource({ "s3:bucket/migrations, \"begins with 's3:', which is not known\"", "classpath:, names no folder",
			"'', names no folder", "file:, names no folder", "classpath:db/*/x, contains a wildcard",
			"classpath:{other}/x, contains a wildcard", "filesystem:x, begins with 'filesystem:'" })
	void refusesALocationThatIsNone(String location, String why) {
		assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> list(location)).satisfies((ex) -> {
			assertThat(ex.getDescription()).contains("'" + location + "'", why.replace("\"", ""));
			assertThat(ex.getAction()).contains("classpath:db/migrations");
		});
	}

	@Test
	void refusesToHaveNoLocation() {
		assertThatExceptionOfType(InvalidSettingException.class)
			.isThrownBy(() -> new ResourceMigrationSource(List.of(), null))
			.withMessageContaining("No location of migrations is configured.");
	}

	private List<MigrationFile> list(String... locations) {
		return new ResourceMigrationSource(List.of(locations), this.classLoader).list("postgresql");
	}

	private void classPath(Path... roots) throws IOException {
		this.classLoader.close();
		URL[] urls = new URL[roots.length];
		for (int i = 0; i < roots.length; i++) {
			urls[i] = roots[i].toUri().toURL();
		}
		this.classLoader = new URLClassLoader(urls, null);
	}

	private Path folder(String name, String... files) throws IOException {
		Path folder = this.directory.resolve(name);
		for (String file : files) {
			Files.createDirectories(folder.resolve(file).getParent());
			Files.writeString(folder.resolve(file), "-- " + file);
		}
		return folder;
	}

	private Path jar(String name, boolean entriesForFolders, String... files) throws IOException {
		Path jar = this.directory.resolve(name);
		try (OutputStream out = Files.newOutputStream(jar)) {
			TestJars.write(out, entriesForFolders, files);
		}
		return jar;
	}

}
