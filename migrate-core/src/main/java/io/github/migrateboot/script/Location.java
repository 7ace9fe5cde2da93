package io.github.migrateboot.script;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.migrateboot.failure.InvalidSettingException;

import org.springframework.util.StringUtils;

/**
 * A configured location.
 *
 * @param configured as it is configured
 * @param file whether it is a folder of the file system, not one of the class path
 * @param path without prefix; on the class path without slashes around it
 */
record Location(String configured, boolean file, String path) {

	private static final Pattern PREFIX = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]+\\*?):(.*)$", Pattern.DOTALL);

	private static final Pattern DRIVE = Pattern.compile("^[/\\\\]+(?=[A-Za-z]:)");

	private static final String VENDOR = "{vendor}";

	/**
	 * Understand a location; one without a prefix is on the class path.
	 */
	static Location of(String configured) {
		Matcher matcher = PREFIX.matcher(configured.strip());
		String prefix = matcher.matches() ? matcher.group(1) : "classpath";
		String path = matcher.matches() ? matcher.group(2) : configured.strip();
		boolean file = "file".equals(prefix);
		if (!file) {
			path = StringUtils.trimTrailingCharacter(StringUtils.trimLeadingCharacter(path, '/'), '/');
		}
		if (!file && !"classpath".equals(prefix) && !"classpath*".equals(prefix)) {
			throw invalid(configured, "begins with '" + prefix + ":', which is not known");
		}
		if (path.isEmpty()) {
			throw invalid(configured, "names no folder");
		}
		if (path.replace(VENDOR, "").matches(".*[*?{}].*")) {
			throw invalid(configured, "contains a wildcard, and only {vendor} is replaced");
		}
		return new Location(configured, file, path);
	}

	private static InvalidSettingException invalid(String configured, String why) {
		return new InvalidSettingException("The location of migrations '%s' %s.".formatted(configured, why),
				"Write 'classpath:' or 'file:' and a folder, for example 'classpath:db/migrations'.");
	}

	Location forVendor(String vendor) {
		return new Location(this.configured, this.file, this.path.replace(VENDOR, vendor));
	}

	/**
	 * Return the folder of a location in the file system. A path that does not exist as
	 * it is written may be one with percent-encoded characters.
	 */
	Path folder() {
		String plain = filePath(this.path, File.separatorChar == '\\');
		Path folder = Path.of(plain);
		if (plain.indexOf('%') < 0 || Files.exists(folder)) {
			return folder;
		}
		try {
			return Path.of(StringUtils.uriDecode(plain, StandardCharsets.UTF_8));
		}
		catch (IllegalArgumentException ex) {
			return folder;
		}
	}

	/**
	 * Return the path that follows {@code file:} as the file system has it, whichever of
	 * the usual numbers of slashes is before it.
	 * @param path the path
	 * @param windows whether the file system has drives
	 */
	static String filePath(String path, boolean windows) {
		String plain = path.startsWith("//") ? path.substring(2) : path;
		return windows ? DRIVE.matcher(plain).replaceFirst("") : plain;
	}

	@Override
	public String toString() {
		if (!this.file) {
			return "classpath:" + this.path;
		}
		return "file:" + folder().toAbsolutePath().normalize();
	}

}
