package io.github.migrateboot.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/**
 * Another JVM with the classpath of the tests, which a test can kill or freeze.
 */
public final class ChildJvm implements AutoCloseable {

	private final Process process;

	private final Path output;

	private ChildJvm(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	/**
	 * Start a class.
	 * @param main a class with a {@code main} method
	 * @param arguments the arguments of {@code main}
	 * @return the running process
	 */
	public static ChildJvm start(Class<?> main, String... arguments) {
		return start(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp",
				System.getProperty("java.class.path")), main, arguments);
	}

	/**
	 * Start a class with options of the caller's.
	 * @param options the options of the JVM, class path included
	 * @param main a class with a {@code main} method
	 * @param arguments the arguments of {@code main}
	 * @return the running process
	 */
	public static ChildJvm start(List<String> options, Class<?> main, String... arguments) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		command.add(main.getName());
		command.addAll(List.of(arguments));
		try {
			Path output = Files.createTempFile("child", ".log");
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			return new ChildJvm(process, output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public long pid() {
		return this.process.pid();
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Wait for the end of the process.
	 * @param timeout how long to wait at most
	 * @return the exit value
	 */
	public int awaitExit(Duration timeout) {
		try {
			if (!this.process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new AssertionError("Process did not end within " + timeout + ". Its output:\n" + output());
			}
			return this.process.exitValue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Wait until the process has written a text.
	 * @param text the text
	 * @param timeout how long to wait at most
	 */
	public void awaitOutput(String text, Duration timeout) {
		Awaitility.await().atMost(timeout).pollInterval(Duration.ofMillis(20)).until(() -> {
			if (!output().contains(text) && !isAlive()) {
				throw new AssertionError("Process ended without writing '" + text + "'. Its output:\n" + output());
			}
			return output().contains(text);
		});
	}

	/**
	 * Return what the process has written so far, errors included.
	 * @return the output
	 */
	public String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * End the process as {@code kill -9} does, and wait until it has ended.
	 */
	public void kill() {
		this.process.destroyForcibly();
		awaitExit(Duration.ofSeconds(10));
	}

	/**
	 * Ask the process to end, as {@code SIGTERM} does.
	 */
	public void terminate() {
		this.process.destroy();
	}

	/**
	 * Freeze the process.
	 */
	public void pause() {
		signal("-STOP");
	}

	/**
	 * Let a frozen process go on.
	 */
	public void resume() {
		signal("-CONT");
	}

	private void signal(String signal) {
		try {
			int exit = new ProcessBuilder("kill", signal, Long.toString(pid())).start().waitFor();
			// A process that has just ended by itself takes no signal any more.
			if (exit != 0 && !this.process.waitFor(1, TimeUnit.SECONDS)) {
				throw new IllegalStateException("kill " + signal + " ended with " + exit);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		kill();
		try {
			Files.deleteIfExists(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
