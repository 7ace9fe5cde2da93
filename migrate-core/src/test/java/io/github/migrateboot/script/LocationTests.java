package io.github.migrateboot.script;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Location}.
 */
class LocationTests {

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"',
			value = { "file:/C:/m, C:/m", "file:///C:/m, C:/m", "file://C:/m, C:/m", "file:C:/m, C:/m",
					"file:C:\\m, C:\\m", "file:/C:\\m, C:\\m", "file:\\C:\\m, C:\\m", "file:/d:/my files, d:/my files",
					"file:/srv/m, /srv/m", "file:db/m, db/m", "file:////host/share/m, //host/share/m",
					"file:\\\\host\\share, \\\\host\\share" })
	void findsFoldersOfWindows(String location, String path) {
		assertThat(Location.filePath(Location.of(location).path(), true)).isEqualTo(path);
	}

	@ParameterizedTest
	@CsvSource({ "file:/srv/m, /srv/m", "file:///srv/m, /srv/m", "file:db/m, db/m", "file:/C:/m, /C:/m" })
	void findsFoldersElsewhere(String location, String path) {
		assertThat(Location.filePath(Location.of(location).path(), false)).isEqualTo(path);
	}

}
