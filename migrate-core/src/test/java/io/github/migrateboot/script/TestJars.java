package io.github.migrateboot.script;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.zip.CRC32;

/**
 * Writes jars for tests.
 */
final class TestJars {

	private TestJars() {
	}

	/**
	 * Write a jar whose files contain a comment with their names.
	 */
	static void write(OutputStream out, boolean entriesForFolders, String... files) throws IOException {
		try (JarOutputStream jar = new JarOutputStream(out)) {
			Set<String> folders = new HashSet<>();
			for (String file : files) {
				if (entriesForFolders) {
					addFolders(jar, file, folders);
				}
				jar.putNextEntry(new JarEntry(file));
				jar.write(("-- " + file).getBytes(StandardCharsets.UTF_8));
				jar.closeEntry();
			}
		}
	}

	static void addFolders(JarOutputStream jar, String file, Set<String> known) throws IOException {
		for (int i = file.indexOf('/'); i >= 0; i = file.indexOf('/', i + 1)) {
			if (known.add(file.substring(0, i + 1))) {
				jar.putNextEntry(new JarEntry(file.substring(0, i + 1)));
				jar.closeEntry();
			}
		}
	}

	/**
	 * Add a file without compression, as the launcher of Spring Boot demands of jars in a
	 * jar.
	 */
	static void addStored(JarOutputStream jar, String name, byte[] content) throws IOException {
		JarEntry entry = new JarEntry(name);
		CRC32 checksum = new CRC32();
		checksum.update(content);
		entry.setMethod(JarEntry.STORED);
		entry.setSize(content.length);
		entry.setCrc(checksum.getValue());
		jar.putNextEntry(entry);
		jar.write(content);
		jar.closeEntry();
	}

}
