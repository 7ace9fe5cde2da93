package io.github.migrateboot.script;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.core.io.UrlResource;
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
		Resource[] roots = this.resolver.getResources("classpath*:" + path + "/");
		if (roots.length == 0) {
			// A jar without entries for its folders shows them only to who reads all its
			// entries, which a wildcard in the first segment asks for.
			int slash = path.indexOf('/');
			int last = (slash < 0) ? path.length() : slash;
			List<ResourceMigrationFile> files = inJars(path,
					"classpath*:" + path.substring(0, last - 1) + "?" + path.substring(last) + "/*.sql");
			return new Folder(!files.isEmpty(), files);
		}
		List<ResourceMigrationFile> files = new ArrayList<>();
		boolean jars = false;
		for (Resource root : roots) {
			if (root.isFile()) {
				files.addAll(Folder.inFileSystem(root.getFile().toPath(), (name) -> description(path, name)).files());
			}
			jars |= !root.isFile();
		}
		if (jars) {
			files.addAll(inJars(path, "classpath*:" + path + "/*.sql"));
		}
		return new Folder(true, files);
	}

	private static String description(String path, String name) {
		return "class path resource [" + path + "/" + name + "]";
	}

	private List<ResourceMigrationFile> inJars(String path, String pattern) throws IOException {
		List<ResourceMigrationFile> files = new ArrayList<>();
		for (Resource found : this.resolver.getResources(pattern)) {
			if (found.isFile()) {
				continue;
			}
			String url = found.getURL().toString();
			int slash = url.lastIndexOf('/');
			String last = url.substring(slash + 1);
			String name = last.replace("%23", "#");
			// Parsing a URL takes long enough to be noticed if there are thousands.
			Resource resource = encode(name).equals(last) ? found
					: new UrlResource(url.substring(0, slash + 1) + encode(name));
			ResourceMigrationFile migration = ResourceMigrationFile.of(name, description(path, name), resource);
			if (migration != null && isFolder(path, url.substring(0, slash))) {
				files.add(migration);
			}
		}
		return files;
	}

	/**
	 * Of the names of a jar's entries only the number sign has been encoded, and a URL
	 * with such a name would not lead back to the entry.
	 */
	private static String encode(String name) {
		return name.replace("%", "%25").replace("#", "%23").replace("?", "%3F");
	}

	private static boolean isFolder(String path, String url) {
		return url.endsWith("/" + path) || StringUtils.uriDecode(url, StandardCharsets.UTF_8).endsWith("/" + path);
	}

}
