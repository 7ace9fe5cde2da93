package io.github.migrateboot.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Packs folders as a build tool would.
 */
final class Jars {

	private Jars() {
	}

	/**
	 * Pack a folder.
	 * @return the jar
	 */
	static Path pack(Path folder, Path jar) throws IOException {
		try (OutputStream file = Files.newOutputStream(jar);
				JarOutputStream out = new JarOutputStream(file);
				Stream<Path> paths = Files.walk(folder)) {
			for (Path path : (Iterable<Path>) paths.filter((each) -> !each.equals(folder)).sorted()::iterator) {
				boolean isFolder = Files.isDirectory(path);
				out.putNextEntry(new JarEntry(folder.relativize(path) + (isFolder ? "/" : "")));
				if (!isFolder) {
					Files.copy(path, out);
				}
				out.closeEntry();
			}
		}
		return jar;
	}

}
