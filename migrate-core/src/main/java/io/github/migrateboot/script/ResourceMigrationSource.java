package io.github.migrateboot.script;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.migrateboot.failure.DuplicateVersionException;
import io.github.migrateboot.failure.InvalidSettingException;
import io.github.migrateboot.failure.MissingLocationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds migration files on the class path and in the file system.
 * <p>
 * A location begins with {@code classpath:} or {@code file:}; without either it is on the
 * class path. On the class path a folder is looked for in every root, each jar and each
 * folder, also in the jars inside an executable Spring Boot jar. In the file system a
 * path is absolute or relative to the working directory. <code>{vendor}</code> is
 * replaced. Folders below a location are not searched. As in dbmate a file's name begins
 * with digits, its version, and ends with {@code .sql}; other files are passed over, and
 * files are sorted by the bytes of their names.
 */
public class ResourceMigrationSource implements MigrationSource {

	private static final Logger logger = LoggerFactory.getLogger(ResourceMigrationSource.class);

	private final List<Location> locations;

	private final @Nullable ClassLoader classLoader;

	/**
	 * Create a source.
	 * @param locations where the files are, for example {@code classpath:db/migrations}
	 * @param classLoader the class loader for locations on the class path, or null for
	 * the default one
	 * @throws InvalidSettingException if there is no location, or one that is none
	 */
	public ResourceMigrationSource(List<String> locations, @Nullable ClassLoader classLoader) {
		if (locations.isEmpty()) {
			throw new InvalidSettingException("No location of migrations is configured.",
					"Name at least one, for example 'classpath:db/migrations'.");
		}
		this.locations = locations.stream().map(Location::of).toList();
		this.classLoader = classLoader;
	}

	@Override
	public List<MigrationFile> list(String vendor) {
		Map<Location, Folder> folders = new LinkedHashMap<>();
		for (Location location : this.locations) {
			folders.computeIfAbsent(location.forVendor(vendor), this::look);
		}
		refuseMissing(folders);
		// their order is as a rule that of the names already
		Map<String, List<ResourceMigrationFile>> byVersion = new LinkedHashMap<>();
		folders.forEach((location, folder) -> {
			if (folder.files().isEmpty()) {
				logger.warn("The location of migrations {} is empty: no file in it is named <digits>….sql", location);
			}
			folder.files()
				.forEach(
						(file) -> byVersion.computeIfAbsent(file.version(), (version) -> new ArrayList<>(1)).add(file));
		});
		return byVersion.values()
			.stream()
			.map((same) -> (MigrationFile) ((same.size() == 1) ? same.get(0) : onlyOne(same)))
			.sorted(Comparator.comparing(MigrationFile::name, byBytes()))
			.toList();
	}

	/**
	 * Return which resources of the class path this source may read, for a native image
	 * that has to keep them.
	 * @return for each location a pattern for the folder, which is looked for, and one
	 * for the files in it, such as {@code db/migrations/*.sql}; a <code>{vendor}</code>
	 * is an asterisk
	 */
	public List<String> resourcePatterns() {
		return this.locations.stream()
			.filter((location) -> !location.file())
			.map((location) -> location.forVendor("*").path())
			.flatMap((folder) -> Stream.of(folder, folder + "/*.sql"))
			.distinct()
			.toList();
	}

	private Folder look(Location location) {
		try {
			if (!location.file()) {
				return new ClassPathFolders(this.classLoader).find(location.path());
			}
			Path folder = location.folder().toAbsolutePath().normalize();
			return Folder.inFileSystem(folder, (name) -> "file [" + folder.resolve(name) + "]");
		}
		catch (IOException ex) {
			throw new MissingLocationException(
					"The location of migrations %s cannot be listed: %s: %s.".formatted(location,
							ex.getClass().getSimpleName(), ex.getMessage()),
					"Make it readable for the account that runs the application.", ex);
		}
	}

	private static void refuseMissing(Map<Location, Folder> folders) {
		List<String> missing = new ArrayList<>();
		folders.forEach((location, folder) -> {
			if (!folder.exists()) {
				missing.add(location.toString());
			}
		});
		if (!missing.isEmpty()) {
			boolean one = missing.size() == 1;
			throw new MissingLocationException(
					"The %s of migrations %s %s not exist.".formatted(one ? "location" : "locations",
							String.join(" and ", missing), one ? "does" : "do"),
					"Create it with the migrations in it, or correct 'migrate.locations'. An application without migrations sets 'migrate.enabled=false'.");
		}
	}

	/**
	 * Return the file that several are: it may have been reached in more than one way.
	 */
	private static ResourceMigrationFile onlyOne(List<ResourceMigrationFile> same) {
		Map<String, ResourceMigrationFile> files = new LinkedHashMap<>();
		same.forEach((file) -> files.putIfAbsent(identity(file), file));
		if (files.size() == 1) {
			return same.get(0);
		}
		String names = files.entrySet()
			.stream()
			.map((entry) -> "%s (%s)".formatted(entry.getValue().description(), entry.getKey()))
			.sorted()
			.collect(Collectors.joining(" and "));
		throw new DuplicateVersionException(
				"These files have the same version %s, so only one of them could ever be recorded: %s."
					.formatted(same.get(0).version(), names),
				"Give each file a version of its own: rename the one that has not been applied anywhere yet.");
	}

	/**
	 * What a file is, however it was reached.
	 */
	private static String identity(ResourceMigrationFile file) {
		try {
			if (file.resource().isFile()) {
				Path path = file.resource().getFile().toPath();
				return path.toRealPath().toUri().toString();
			}
			return file.resource().getURL().toString();
		}
		catch (IOException ex) {
			// A link that leads nowhere. Reading it says so, if it has to be read.
			return file.description();
		}
	}

	/**
	 * Return the order in which dbmate sorts names, and {@code ls} in the C locale: by
	 * the bytes of UTF-8, which is the order of the code points.
	 */
	static Comparator<String> byBytes() {
		return (one, other) -> {
			int length = Math.min(one.length(), other.length());
			for (int i = 0; i < length; i++) {
				char a = one.charAt(i);
				char b = other.charAt(i);
				if (a != b) {
					// Pairs of these are the code points behind all others
					int pairs = Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
					return (pairs != 0) ? pairs : Character.compare(a, b);
				}
			}
			return Integer.compare(one.length(), other.length());
		};
	}

}
