package io.github.migrateboot.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process of a server, which can be stopped and started again as it was.
 */
final class ServerProcess {

	private final List<String> command = new ArrayList<>();

	private final String stop;

	private final String kill;

	private ProcessHandle process;

	/**
	 * Take over a server.
	 * @param process its process
	 * @param stop the signal that asks it to stop, whatever its clients do
	 * @param kill the signal that lets it drop everything
	 */
	ServerProcess(ProcessHandle process, String stop, String kill) {
		this.process = process;
		this.stop = stop;
		this.kill = kill;
		List<String> line = commandLine(process);
		if (line.get(0).endsWith("postgres") && "root".equals(System.getProperty("user.name"))) {
			// It refuses to run as root
			this.command.addAll(List.of("unshare", "-U"));
		}
		this.command.addAll(line);
	}

	/**
	 * Of a process in another user namespace the JVM tells nothing.
	 */
	private static List<String> commandLine(ProcessHandle process) {
		try {
			return List.of(Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline")).split("\0"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * End it for good.
	 */
	synchronized void kill() {
		signal(this.kill);
	}

	synchronized void restart(boolean immediately) {
		try {
			signal(immediately ? this.kill : this.stop);
			this.process.onExit().get(60, TimeUnit.SECONDS);
			this.process = new ProcessBuilder(this.command).redirectErrorStream(true)
				.redirectOutput(new File("/dev/null"))
				.start()
				.toHandle();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException | ExecutionException | TimeoutException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void signal(String signal) {
		try {
			new ProcessBuilder("kill", signal, Long.toString(this.process.pid())).start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
