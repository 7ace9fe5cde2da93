package io.github.migrateboot.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a class of this module in a process of its own.
 *
 * @param options options of the JVM
 * @param classPath what comes before the class path of this process
 */
record FreshJvm(List<String> options, List<Path> classPath) {

	private static final Duration LONGEST = Duration.ofMinutes(3);

	FreshJvm {
		options = List.copyOf(options);
		classPath = List.copyOf(classPath);
	}

	/**
	 * Return the milliseconds that the process reports.
	 * @throws FailedException if it ends with an error
	 */
	double run(Class<?> main, List<String> arguments) throws IOException, InterruptedException, FailedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(this.options);
		List<String> path = new ArrayList<>(this.classPath.stream().map(Path::toString).toList());
		path.add(System.getProperty("java.class.path"));
		command.addAll(List.of("-cp", String.join(File.pathSeparator, path), main.getName()));
		command.addAll(arguments);
		String output = output(command);
		return output.lines()
			.filter((line) -> line.startsWith(RunOnce.RESULT))
			.mapToDouble((line) -> Double.parseDouble(line.substring(RunOnce.RESULT.length())))
			.findFirst()
			.orElseThrow(() -> new FailedException("Nothing was measured:\n" + output));
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
	 * A process ended with an error.
	 */
	static final class FailedException extends Exception {

		FailedException(String message) {
			super(message);
		}

	}

}
