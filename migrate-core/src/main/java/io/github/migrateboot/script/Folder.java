package io.github.migrateboot.script;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import org.springframework.core.io.FileSystemResource;

/**
 * What a location turned out to be.
 *
 * @param exists whether it exists
 * @param files the migration files in it, in no order
 */
record Folder(boolean exists, List<ResourceMigrationFile> files) {

	/**
	 * List a folder.
	 * @param folder the folder
	 * @param description what the file of a name is for people
	 */
	static Folder inFileSystem(Path folder, UnaryOperator<String> description) throws IOException {
		if (!Files.isDirectory(folder)) {
			return new Folder(false, List.of());
		}
		List<ResourceMigrationFile> files = new ArrayList<>();
		try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
			for (Path child : children) {
				String name = child.getFileName().toString();
				ResourceMigrationFile file = ResourceMigrationFile.of(name, description.apply(name),
						new FileSystemResource(child));
				if (file != null && !Files.isDirectory(child)) {
					files.add(file);
				}
			}
		}
		return new Folder(true, files);
	}

}
