package io.github.migrateboot.script;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.StringUtils;

/**
 * Finds a folder in every root of the class path.
 */
final class ClassPathFolders {

	private final PathMatchingResourcePatternResolver resolver;

	ClassPathFolders(@Nullable ClassLoader classLoader) {
		this.resolver = new PathMatchingResourcePatternResolver(classLoader);
	}

	Folder find(String path) throws IOException {
		boolean exists = this.resolver.getResources("classpath*:" + path + "/").length > 0;
		List<ResourceMigrationFile> files = files(path, "classpath*:" + path + "/*.sql");
		if (!exists) {
			// A jar without entries for its folders shows them only to who reads all its
			// entries, which a wildcard in the first segment asks for.
			int slash = path.indexOf('/');
			int last = (slash < 0) ? path.length() : slash;
			files = files(path, "classpath*:" + path.substring(0, last - 1) + "?" + path.substring(last) + "/*.sql");
		}
		return new Folder(exists || !files.isEmpty(), files);
	}

	private List<ResourceMigrationFile> files(String path, String pattern) throws IOException {
		List<ResourceMigrationFile> files = new ArrayList<>();
		for (Resource resource : this.resolver.getResources(pattern)) {
			String name = resource.getFilename();
			if (name == null || !isIn(path, resource, name)
					|| (resource.isFile() && resource.getFile().isDirectory())) {
				continue;
			}
			ResourceMigrationFile file = ResourceMigrationFile.of(name,
					"class path resource [%s/%s]".formatted(path, name), resource);
			if (file != null) {
				files.add(file);
			}
		}
		return files;
	}

	private static boolean isIn(String path, Resource resource, String name) throws IOException {
		String url = StringUtils.uriDecode(resource.getURL().toString(), StandardCharsets.UTF_8);
		return url.endsWith("/" + path + "/" + name);
	}

}
