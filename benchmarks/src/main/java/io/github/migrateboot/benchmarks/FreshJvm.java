package io.github.migrateboot.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Runs a class in a process of its own.
 *
 * @param options options of the JVM
 * @param classPath the class path
 */
record FreshJvm(List<String> options, List<Path> classPath) {

	private static final Duration LONGEST = Duration.ofMinutes(3);

	FreshJvm {
		options = List.copyOf(options);
		classPath = List.copyOf(classPath);
	}

	/**
	 * Return a JVM with the class path of this one.
	 */
	static FreshJvm asThis(List<String> options) {
		return new FreshJvm(options, ownClassPath());
	}

	static List<Path> ownClassPath() {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).toList();
	}

	FreshJvm with(String option) {
		List<String> all = new ArrayList<>(this.options);
		all.add(option);
		return new FreshJvm(all, this.classPath);
	}

	/**
	 * Run a class to its end.
	 * @return the figures that it reported
	 * @throws FailedException if it ends with an error
	 */
	Reported run(Class<?> main, List<String> arguments) throws IOException, InterruptedException, FailedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(this.options);
		String path = this.classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
		command.addAll(List.of("-cp", path, main.getName()));
		command.addAll(arguments);
		return new Reported(output(command));
	}

	/**
	 * Run a command to its end.
	 * @return what it wrote, errors included
	 */
	static String output(List<String> command) throws IOException, InterruptedException, FailedException {
		Path file = Files.createTempFile("benchmark", ".log");
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(file.toFile())
				.start();
			boolean ended = process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
			if (!ended) {
				process.destroyForcibly().waitFor();
				throw new FailedException(command.get(0) + " did not end within " + LONGEST.toMinutes() + " minutes");
			}
			int exit = process.exitValue();
			String output = Files.readString(file);
			if (exit != 0) {
				String tail = output.substring(Math.max(0, output.length() - 3000));
				throw new FailedException(command.get(0) + " ended with " + exit + ":\n" + tail);
			}
			return output;
		}
		finally {
			Files.delete(file);
		}
	}

	/**
	 * What a process has written.
	 *
	 * @param output all of it
	 */
	record Reported(String output) {

		private static final String MARK = "BENCHMARK ";

		/**
		 * Report a figure from within the process.
		 */
		static void report(String name, double value) {
			System.out.println(MARK + name + " " + value);
		}

		double figure(String name) throws FailedException {
			String start = MARK + name + " ";
			return this.output.lines()
				.filter((line) -> line.startsWith(start))
				.mapToDouble((line) -> Double.parseDouble(line.substring(start.length())))
				.findFirst()
				.orElseThrow(() -> new FailedException("Nothing was measured:\n" + this.output));
		}

	}

	/**
	 * A process ended with an error.
	 */
	static final class FailedException extends Exception {

		FailedException(String message) {
			super(message);
		}

	}

}
