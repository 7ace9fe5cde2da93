package io.github.migrateboot.script;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import io.github.migrateboot.failure.MigrationException;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

import org.springframework.boot.loader.launch.JarLauncher;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link ResourceMigrationSource} in an executable Spring Boot jar that is really
 * started.
 */
class ExecutableJarTests {

	/**
	 * What runs inside the jar.
	 */
	public static final class Application {

		private Application() {
		}

		public static void main(String[] args) {
			for (MigrationFile file : new ResourceMigrationSource(List.of("classpath:db/migrations"), null)
				.list("h2")) {
				System.out.println(file.name() + " " + new String(file.read(), StandardCharsets.UTF_8));
			}
		}

	}

	@Test
	void findsMigrationsInClassesAndNestedJars(@TempDir Path directory) throws Exception {
		Path jar = directory.resolve("my app.jar");
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, JarLauncher.class.getName());
		manifest.getMainAttributes().put(new Attributes.Name("Start-Class"), Application.class.getName());
		manifest.getMainAttributes().put(new Attributes.Name("Spring-Boot-Classes"), "BOOT-INF/classes/");
		manifest.getMainAttributes().put(new Attributes.Name("Spring-Boot-Lib"), "BOOT-INF/lib/");
		try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
			Set<String> folders = new HashSet<>();
			copyEntries(rootOf(JarLauncher.class), out, folders);
			addFile(out, folders, "BOOT-INF/classes/db/migrations/2_b.sql", "in classes");
			addClasses(out, folders, Application.class, ResourceMigrationSource.class, MigrationException.class);
			addLibraries(out, folders);
		}
		assertThat(run(jar)).containsExactly("1_a.sql -- db/migrations/1_a.sql", "2_b.sql in classes",
				"3_c.sql -- db/migrations/3_c.sql");
	}

	private static void addLibraries(JarOutputStream out, Set<String> folders) throws Exception {
		TestJars.addFolders(out, "BOOT-INF/lib/", folders);
		for (Class<?> type : List.of(Resource.class, Nullable.class, Logger.class, LogFactory.class)) {
			TestJars.addStored(out, "BOOT-INF/lib/" + rootOf(type).getFileName(), Files.readAllBytes(rootOf(type)));
		}
		for (String file : List.of("db/migrations/1_a.sql", "db/migrations/3_c.sql")) {
			ByteArrayOutputStream nested = new ByteArrayOutputStream();
			TestJars.write(nested, true, file);
			TestJars.addStored(out, "BOOT-INF/lib/" + file.replace('/', '-') + ".jar", nested.toByteArray());
		}
	}

	/**
	 * Add the packages of some classes.
	 */
	private static void addClasses(JarOutputStream out, Set<String> folders, Class<?>... types) throws Exception {
		for (Class<?> type : types) {
			String packagePath = type.getPackageName().replace('.', '/');
			try (var files = Files.list(rootOf(type).resolve(packagePath))) {
				for (Path file : files.filter((path) -> path.toString().endsWith(".class")).toList()) {
					String name = "BOOT-INF/classes/" + packagePath + "/" + file.getFileName();
					if (folders.add(name)) {
						TestJars.addFolders(out, name, folders);
						TestJars.addStored(out, name, Files.readAllBytes(file));
					}
				}
			}
		}
	}

	private static void addFile(JarOutputStream out, Set<String> folders, String name, String content)
			throws IOException {
		TestJars.addFolders(out, name, folders);
		TestJars.addStored(out, name, content.getBytes(StandardCharsets.UTF_8));
	}

	private static void copyEntries(Path from, JarOutputStream out, Set<String> folders) throws IOException {
		try (JarFile jar = new JarFile(from.toFile())) {
			for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements();) {
				JarEntry entry = entries.nextElement();
				if (!entry.isDirectory() && entry.getName().endsWith(".class")) {
					TestJars.addFolders(out, entry.getName(), folders);
					try (InputStream content = jar.getInputStream(entry)) {
						TestJars.addStored(out, entry.getName(), content.readAllBytes());
					}
				}
			}
		}
	}

	private static Path rootOf(Class<?> type) throws URISyntaxException {
		URL location = type.getProtectionDomain().getCodeSource().getLocation();
		return Path.of(location.toURI());
	}

	private static List<String> run(Path jar) throws Exception {
		Path output = jar.resolveSibling("output.txt");
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		Process process = new ProcessBuilder(java.toString(), "-jar", jar.toString()).redirectOutput(output.toFile())
			.redirectError(output.resolveSibling("errors.txt").toFile())
			.start();
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).as(Files.readString(output.resolveSibling("errors.txt"))).isZero();
		return Files.readAllLines(output);
	}

}
