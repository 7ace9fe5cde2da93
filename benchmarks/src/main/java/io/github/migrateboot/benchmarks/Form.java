package io.github.migrateboot.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where an application has its migrations.
 */
enum Form {

	FOLDER {

		@Override
		Path of(Migrations migrations) {
			return migrations.root();
		}

	},

	JAR {

		@Override
		Path of(Migrations migrations) throws IOException {
			return migrations.jar();
		}

	};

	/**
	 * Return what the class path of the application has.
	 */
	abstract Path of(Migrations migrations) throws IOException;

}
