package io.github.migrateboot.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import io.github.migrateboot.benchmarks.FreshJvm.FailedException;

import org.springframework.boot.SpringApplicationAotProcessor;

/**
 * How an application is started.
 */
enum Launch {

	PLAIN {

		@Override
		FreshJvm prepare(FreshJvm jvm, List<String> arguments, Path folder) {
			return jvm;
		}

	},

	/**
	 * With the classes of an earlier start in an archive.
	 */
	CLASS_DATA_SHARING {

		@Override
		FreshJvm prepare(FreshJvm jvm, List<String> arguments, Path folder)
				throws IOException, InterruptedException, FailedException {
			Path archive = folder.resolve("application.jsa");
			jvm.with("-XX:ArchiveClassesAtExit=" + archive).run(StartOnce.class, arguments);
			if (!Files.exists(archive)) {
				throw new FailedException("The JVM wrote no archive");
			}
			// Without the second option it would start without the archive if that
			// doesn't fit.
			return jvm.with("-XX:SharedArchiveFile=" + archive).with("-Xshare:on");
		}

	},

	/**
	 * Processed ahead of time by Spring.
	 */
	SPRING_AOT {

		@Override
		FreshJvm prepare(FreshJvm jvm, List<String> arguments, Path folder)
				throws IOException, InterruptedException, FailedException {
			Path sources = folder.resolve("sources");
			Path classes = Files.createDirectories(folder.resolve("classes"));
			List<String> line = new ArrayList<>(List.of(StartOnce.class.getName(), sources.toString(),
					classes.toString(), classes.toString(), "io.github.migrateboot", "benchmarks"));
			line.addAll(arguments);
			jvm.run(SpringApplicationAotProcessor.class, line);
			compile(sources, classes, jvm.classPath());
			List<Path> path = new ArrayList<>(List.of(Jars.pack(classes, folder.resolve("processed.jar"))));
			path.addAll(jvm.classPath());
			return new FreshJvm(jvm.options(), path).with("-Dspring.aot.enabled=true");
		}

	};

	/**
	 * Prepare what makes the next starts faster.
	 * @param jvm the application's JVM
	 * @param arguments the application's arguments
	 * @param folder an empty folder for what is made
	 * @return the JVM to start the application in
	 */
	abstract FreshJvm prepare(FreshJvm jvm, List<String> arguments, Path folder)
			throws IOException, InterruptedException, FailedException;

	private static void compile(Path sources, Path classes, List<Path> classPath) throws IOException, FailedException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		if (compiler == null) {
			throw new FailedException("There is no compiler: this is no JDK");
		}
		List<String> line = new ArrayList<>(
				List.of("-nowarn", "-parameters", "-d", classes.toString(), "-cp", classes + File.pathSeparator
						+ classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))));
		try (Stream<Path> files = Files.walk(sources)) {
			files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(line::add);
		}
		if (compiler.run(null, null, null, line.toArray(String[]::new)) != 0) {
			throw new FailedException("What Spring generated does not compile");
		}
	}

}
