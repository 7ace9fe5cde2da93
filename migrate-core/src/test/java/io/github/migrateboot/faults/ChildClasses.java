package io.github.migrateboot.faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import io.github.migrateboot.testing.ChildJvm;
import io.github.migrateboot.testing.MigrateProcess;
import io.github.migrateboot.testing.MigrationFolder;
import io.github.migrateboot.testing.TestDatabase;

import org.springframework.util.FileSystemUtils;

/**
 * The classes of the processes, archived so that these start in half the time: a shared
 * archive takes only jars.
 */
final class ChildClasses implements AutoCloseable {

	private static final List<String> OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m",
			"-XX:-UsePerfData");

	private final Path directory;

	private final String classPath;

	private int archives;

	ChildClasses() {
		try {
			this.directory = Files.createTempDirectory("migrate-faults");
			List<String> entries = new ArrayList<>();
			for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
				entries.add(Files.isDirectory(Path.of(entry)) ? jar(Path.of(entry), entries.size()) : entry);
			}
			this.classPath = String.join(File.pathSeparator, entries);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String jar(Path classes, int number) throws IOException {
		Path jar = this.directory.resolve("classes-" + number + ".jar");
		try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
				Stream<Path> files = Files.walk(classes)) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
				Files.copy(file, out);
				out.closeEntry();
			}
		}
		return jar.toString();
	}

	/**
	 * Return the options with which processes for one kind of database are started, after
	 * having archived what such a process loads.
	 */
	List<String> options(TestDatabase database, boolean lease) {
		Path archive = this.directory.resolve("classes-" + ++this.archives + ".jsa");
		MigrationFolder folder = folder().add("0001_a.sql", "CREATE TABLE a (a integer);\nINSERT INTO a VALUES (1);")
			.addWithoutTransaction("0002_b.sql", "INSERT INTO a VALUES (2);\nINSERT INTO a VALUES (3);");
		try (ChildJvm child = MigrateProcess.start(options("-XX:ArchiveClassesAtExit=" + archive), database, folder,
				"training", lease ? List.of(MigrateProcess.LEASE) : List.of())) {
			if (child.awaitExit(Duration.ofMinutes(1)) != 0) {
				throw new IllegalStateException(child.output());
			}
		}
		return options("-XX:SharedArchiveFile=" + archive);
	}

	private List<String> options(String archive) {
		List<String> options = new ArrayList<>(OPTIONS);
		options
			.addAll(List.of(archive, "-Xshare:auto", "-Xlog:cds=off", "-Xlog:cds+dynamic=off", "-cp", this.classPath));
		return options;
	}

	/**
	 * Return a new folder for migrations.
	 */
	MigrationFolder folder() {
		try {
			return new MigrationFolder(Files.createTempDirectory(this.directory, "migrations"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
