package io.github.migrateboot.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The whole application in a process of its own.
 */
final class Replica {

	private static final Pattern STARTED_ON_PORT = Pattern.compile("Tomcat started on port (\\d+)");

	private final HttpClient client = HttpClient.newHttpClient();

	private final Process process;

	private final Path log;

	private Replica(Process process, Path log) {
		this.process = process;
		this.log = log;
	}

	static Replica start(Path folder, String name, List<String> arguments) throws IOException {
		return start(folder, name, List.of(), arguments);
	}

	static Replica start(Path folder, String name, List<String> options, List<String> arguments) throws IOException {
		Path log = folder.resolve(name + ".log");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-Xmx256m", "-cp", System.getProperty("java.class.path")));
		command.addAll(options);
		command
			.addAll(List.of(OrderDeskApplication.class.getName(), "--server.port=0", "--spring.main.banner-mode=off"));
		command.addAll(arguments);
		Process process = new ProcessBuilder(command).directory(folder.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		return new Replica(process, log);
	}

	boolean isReady() {
		if (!this.process.isAlive()) {
			throw new IllegalStateException("A replica ended with " + this.process.exitValue() + ":\n" + log());
		}
		try {
			return STARTED_ON_PORT.matcher(log()).find() && get("/actuator/health/readiness").statusCode() == 200;
		}
		catch (UncheckedIOException ex) {
			// It may just be ending, which the next look at the process tells.
			return false;
		}
	}

	HttpResponse<String> get(String path) {
		Matcher port = STARTED_ON_PORT.matcher(log());
		if (!port.find()) {
			throw new IllegalStateException("A replica does not listen yet:\n" + log());
		}
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port.group(1) + path))
			.timeout(Duration.ofSeconds(20))
			.build();
		try {
			return this.client.send(request, BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int awaitExit() throws InterruptedException {
		if (!this.process.waitFor(60, TimeUnit.SECONDS)) {
			throw new AssertionError("A replica has not ended:\n" + log());
		}
		return this.process.exitValue();
	}

	void stop() throws InterruptedException {
		this.process.destroy();
		if (!this.process.waitFor(20, TimeUnit.SECONDS)) {
			this.process.destroyForcibly().waitFor();
		}
	}

}
