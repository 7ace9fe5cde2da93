package io.github.migrateboot.benchmarks;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.migrateboot.benchmarks.FreshJvm.Reported;

/**
 * A process in which one tool runs once, as cold as it is when an application starts. The
 * time counts from when the application has its pool.
 */
final class RunOnce {

	/** The figure that is reported: milliseconds. */
	static final String TIME = "time";

	private RunOnce() {
	}

	public static void main(String[] args) throws Exception {
		JvmTool tool = JvmTool.valueOf(args[0]);
		URL[] migrations = { Path.of(args[4]).toUri().toURL() };
		try (HikariDataSource pool = pool(args[1], args[2], args[3]);
				URLClassLoader loader = new URLClassLoader(migrations, RunOnce.class.getClassLoader())) {
			pool.getConnection().close();
			long start = System.nanoTime();
			tool.run(pool, loader);
			Reported.report(TIME, (System.nanoTime() - start) / 1e6);
		}
	}

	static HikariDataSource pool(String url, String user, String password) {
		HikariConfig configuration = new HikariConfig();
		configuration.setJdbcUrl(url);
		configuration.setUsername(user);
		configuration.setPassword(password);
		configuration.setMinimumIdle(1);
		configuration.setMaximumPoolSize(3);
		configuration.setConnectionTimeout(600_000);
		return new HikariDataSource(configuration);
	}

}
