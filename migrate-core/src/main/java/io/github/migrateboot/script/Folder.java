package io.github.migrateboot.script;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.springframework.core.io.FileSystemResource;

/**
 * What a location turned out to be.
 *
 * @param exists whether it exists
 * @param files the migration files in it, in no order
 */
record Folder(boolean exists, List<ResourceMigrationFile> files) {

	static Folder inFileSystem(Path folder) throws IOException {
		if (!Files.isDirectory(folder)) {
			return new Folder(false, List.of());
		}
		List<ResourceMigrationFile> files = new ArrayList<>();
		try (DirectoryStream<Path> children = Files.newDirectoryStream(folder, "*.sql")) {
			for (Path child : children) {
				FileSystemResource resource = new FileSystemResource(child.toAbsolutePath().normalize());
				ResourceMigrationFile file = ResourceMigrationFile.of(child.getFileName().toString(),
						resource.getDescription(), resource);
				if (file != null && !Files.isDirectory(child)) {
					files.add(file);
				}
			}
		}
		return new Folder(true, files);
	}

}
